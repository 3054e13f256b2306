#include "core/quant/image_file.h"

#include <csetjmp>
#include <cstdio>

#include <jpeglib.h>

#include <jerror.h>

// libjpeg reports errors through a function that must not return: a jump, as in decode_png.cpp.
namespace atomnet
{

namespace
{

/// A progressive file may hold any number of scans, each of the work of a whole image.
constexpr int maxScans = 200;

struct JpegReader {
    jpeg_decompress_struct jpeg = {}; // all zero: may be destroyed before it was created
    jpeg_error_mgr errors = {};
    jpeg_progress_mgr progress = {};
    std::jmp_buf failed = {};
    char fault[JMSG_LENGTH_MAX] = {};

    JpegReader() = default;
    ~JpegReader() { jpeg_destroy_decompress(&jpeg); }
    Q_DISABLE_COPY_MOVE(JpegReader)
};

extern "C" {
static void jpegFailed(j_common_ptr jpeg)
{
    auto *reader = static_cast<JpegReader *>(jpeg->client_data);
    jpeg->err->format_message(jpeg, reader->fault);
    std::longjmp(reader->failed, 1);
}

/// Damage that libjpeg would paint over with gray is a failure; oddities are not.
static void jpegWarned(j_common_ptr jpeg, int level)
{
    const int code = jpeg->err->msg_code;
    const bool odd = code == JWRN_EXTRANEOUS_DATA || code == JWRN_ADOBE_XFORM ||
                     code == JWRN_BOGUS_PROGRESSION || code == JWRN_JFIF_MAJOR;
    if (level < 0 && !odd) jpegFailed(jpeg);
}

static void jpegSpeaks(j_common_ptr) {}

static void jpegProgressed(j_common_ptr jpeg)
{
    auto *reader = static_cast<JpegReader *>(jpeg->client_data);
    if (reader->jpeg.input_scan_number <= maxScans) return;
    std::snprintf(reader->fault, sizeof reader->fault, "it has more than %d scans", maxScans);
    std::longjmp(reader->failed, 1);
}
}

bool readHeader(JpegReader *reader, const char *bytes, std::size_t size)
{
    reader->jpeg.err = jpeg_std_error(&reader->errors);
    reader->jpeg.client_data = reader;
    reader->errors.error_exit = jpegFailed;
    reader->errors.emit_message = jpegWarned;
    reader->errors.output_message = jpegSpeaks;
    if (setjmp(reader->failed)) return false;
    jpeg_create_decompress(&reader->jpeg); // keeps err and client_data
    reader->progress.progress_monitor = jpegProgressed;
    reader->jpeg.progress = &reader->progress;
    jpeg_mem_src(&reader->jpeg, reinterpret_cast<const unsigned char *>(bytes), size);
    jpeg_read_header(&reader->jpeg, TRUE);
    return true;
}

bool readPixels(JpegReader *reader, quint8 *pixels, std::size_t row)
{
    if (setjmp(reader->failed)) return false;
    reader->jpeg.dct_method = JDCT_ISLOW; // the accurate one
    jpeg_start_decompress(&reader->jpeg);
    while (reader->jpeg.output_scanline < reader->jpeg.output_height) {
        JSAMPROW to = pixels + reader->jpeg.output_scanline * row;
        jpeg_read_scanlines(&reader->jpeg, &to, 1);
    }
    jpeg_finish_decompress(&reader->jpeg);
    return true;
}

QString faultOf(const JpegReader &reader)
{
    return QString::fromLatin1(reader.fault);
}

} // namespace

QString decodeJpeg(QByteArrayView bytes, Image &image)
{
    JpegReader reader;
    if (!readHeader(&reader, bytes.data(), std::size_t(bytes.size()))) return faultOf(reader);
    image.width = int(reader.jpeg.image_width);
    image.height = int(reader.jpeg.image_height);
    if (const QString fault = sizeFault(image.width, image.height); !fault.isEmpty()) return fault;
    switch (reader.jpeg.jpeg_color_space) {
    case JCS_GRAYSCALE:
        image.channels = 1;
        reader.jpeg.out_color_space = JCS_GRAYSCALE;
        break;
    case JCS_RGB:
    case JCS_YCbCr:
        image.channels = 3;
        reader.jpeg.out_color_space = JCS_RGB;
        break;
    case JCS_CMYK:
    case JCS_YCCK:
        return QStringLiteral("its colours are CMYK, for printing; save it as RGB");
    default:
        return QStringLiteral("its colours are neither gray nor RGB");
    }
    const std::size_t row = std::size_t(image.width) * std::size_t(image.channels);
    image.pixels.resize(row * std::size_t(image.height));
    return readPixels(&reader, image.pixels.data(), row) ? QString() : faultOf(reader);
}

} // namespace atomnet
