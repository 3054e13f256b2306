// Runs ONNX models: node run_onnx.js NODE_MODULES JOBS.json
// JOBS: [{"model": file, "inputs": [{"name", "type", "shape", "file"}], "output": file}]; writes each job's first output as
// raw bytes; prints one line for each job that failed.
const fs = require('fs');
const path = require('path');
const ort = require(path.join(process.argv[2], 'onnxruntime-node'));
const arrays = {int8: Int8Array, uint8: Uint8Array, float32: Float32Array};

function tensor(input) {
  const bytes = fs.readFileSync(input.file);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  return new ort.Tensor(input.type, new arrays[input.type](buffer), input.shape);
}

(async () => {
  let session = null;
  let loaded = '';
  for (const job of JSON.parse(fs.readFileSync(process.argv[3]))) {
    try {
      if (job.model !== loaded) {
        session = await ort.InferenceSession.create(job.model, {
          graphOptimizationLevel: job.optimise || 'all', executionProviders: ['cpu'], intraOpNumThreads: 1,
          logSeverityLevel: 3});
        loaded = job.model;
      }
      const feeds = {};
      job.inputs.forEach((input, i) => { feeds[session.inputNames[i]] = tensor(input); });
      const results = await session.run(feeds);
      const data = results[session.outputNames[0]].data;
      fs.writeFileSync(job.output, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
    } catch (error) {
      console.log(`${job.model}: ${String(error.message || error).slice(0, 300)}`);
    }
  }
  process.exit(0);
})();
