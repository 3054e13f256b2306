#include "core/quant/image_file.h"

#include <png.h>

#include <algorithm>
#include <cstring>

// libpng reports errors by a jump. So it is called from functions that hold nothing a jump would
// leak, and what they need lives in PngReader.
namespace atomnet
{

namespace
{

struct PngReader {
    const char *at;
    std::size_t left;
    char fault[128] = {};
    png_structp png = nullptr;
    png_infop info = nullptr;

    explicit PngReader(QByteArrayView bytes) : at(bytes.data()), left(std::size_t(bytes.size())) {}
    ~PngReader() { png_destroy_read_struct(&png, &info, nullptr); }
    Q_DISABLE_COPY_MOVE(PngReader)
};

extern "C" {
static void pngFailed(png_structp png, png_const_charp message)
{
    auto *reader = static_cast<PngReader *>(png_get_error_ptr(png));
    std::strncpy(reader->fault, message, sizeof reader->fault - 1);
    png_longjmp(png, 1);
}

static void pngWarned(png_structp, png_const_charp) {}

static void pngReads(png_structp png, png_bytep to, std::size_t bytes)
{
    auto *reader = static_cast<PngReader *>(png_get_io_ptr(png));
    if (bytes > reader->left) png_error(png, "the file ends too early");
    std::memcpy(to, reader->at, bytes);
    reader->at += bytes;
    reader->left -= bytes;
}
}

/// Up to the first pixels.
bool readHeader(PngReader *reader)
{
    reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, pngFailed, pngWarned);
    if (!reader->png) return false;
    if (setjmp(png_jmpbuf(reader->png))) return false;
    reader->info = png_create_info_struct(reader->png);
    if (!reader->info) return false;
    png_set_user_limits(reader->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX); // ours follow
    png_set_chunk_malloc_max(reader->png, 4'000'000);
    png_set_chunk_cache_max(reader->png, 100);
    png_set_read_fn(reader->png, reader, pngReads);
    png_read_info(reader->png, reader->info);
    return true;
}

/// Sets what leads to gray or RGB of 8 bits.
bool setTransformations(PngReader *reader)
{
    if (setjmp(png_jmpbuf(reader->png))) return false;
    const png_byte type = png_get_color_type(reader->png, reader->info);
    if (type == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(reader->png);
    if (type == PNG_COLOR_TYPE_GRAY) png_set_expand_gray_1_2_4_to_8(reader->png);
    png_set_scale_16(reader->png);
    png_set_strip_alpha(reader->png);
    png_set_interlace_handling(reader->png);
    png_read_update_info(reader->png, reader->info);
    return true;
}

bool readPixels(PngReader *reader, png_bytep *rows)
{
    if (setjmp(png_jmpbuf(reader->png))) return false;
    png_read_image(reader->png, rows);
    png_read_end(reader->png, nullptr);
    return true;
}

QString faultOf(const PngReader &reader)
{
    return reader.fault[0] ? QString::fromLatin1(reader.fault) : QStringLiteral("out of memory");
}

} // namespace

QString decodePng(QByteArrayView bytes, Image &image)
{
    PngReader reader(bytes);
    if (!readHeader(&reader)) return faultOf(reader);
    const qint64 width = png_get_image_width(reader.png, reader.info);
    const qint64 height = png_get_image_height(reader.png, reader.info);
    if (const QString fault = sizeFault(width, height); !fault.isEmpty()) return fault;
    if (!setTransformations(&reader)) return faultOf(reader);
    image.width = int(width);
    image.height = int(height);
    image.channels = int(png_get_channels(reader.png, reader.info));
    const std::size_t row = std::size_t(image.width) * std::size_t(image.channels);
    if (png_get_rowbytes(reader.png, reader.info) != row ||
        (image.channels != 1 && image.channels != 3))
        return QStringLiteral("its pixels are neither gray nor RGB");
    image.pixels.resize(row * std::size_t(image.height));
    std::vector<png_bytep> rows(std::size_t(image.height));
    for (std::size_t y = 0; y < rows.size(); ++y)
        rows[y] = image.pixels.data() + y * row;
    return readPixels(&reader, rows.data()) ? QString() : faultOf(reader);
}

} // namespace atomnet
