/** Networks as data, and the backends that run them. */
@SuppressWarnings("requires-automatic") // Commons Math has no descriptor
module dev.diarist.nn {
  requires com.fasterxml.jackson.databind;
  requires commons.math3;
  requires jdk.incubator.vector;

  exports dev.diarist.nn.backend;
  exports dev.diarist.nn.graph;
  exports dev.diarist.nn.model;
  exports dev.diarist.nn.signal;
  exports dev.diarist.nn.train;
  exports dev.diarist.nn.weights;

  uses dev.diarist.nn.backend.Backend;
  uses dev.diarist.nn.backend.MatrixKernels;

  provides dev.diarist.nn.backend.Backend with
      dev.diarist.nn.cpu.CpuBackend,
      dev.diarist.nn.nd4j.Nd4jBackend;
  provides dev.diarist.nn.backend.MatrixKernels with
      dev.diarist.nn.cpu.CpuMatrixKernels;
}
