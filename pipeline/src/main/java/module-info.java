/** Who spoke when. */
@SuppressWarnings("requires-automatic") // Commons Math and Hardwood have no descriptor
module dev.diarist {
  requires com.fasterxml.jackson.databind;
  requires commons.math3;
  requires transitive dev.diarist.weights;
  requires static dev.hardwood.core; // for Parquet
  requires static info.picocli; // for the command line
  requires transitive java.desktop;

  exports dev.diarist;
  exports dev.diarist.annotation;
  exports dev.diarist.audio;
  exports dev.diarist.clustering;
  exports dev.diarist.dataset;
  exports dev.diarist.embedding;
  exports dev.diarist.endpoint;
  exports dev.diarist.metric;
  exports dev.diarist.reconstruction;
  exports dev.diarist.regions;
  exports dev.diarist.report;
  exports dev.diarist.segmentation;
  exports dev.diarist.simulation;
  exports dev.diarist.training;
  exports dev.diarist.training.embedding;
  exports dev.diarist.transcript;
  exports dev.diarist.tuning;
  exports dev.diarist.voices;

  opens dev.diarist.cli to
      info.picocli;
}
