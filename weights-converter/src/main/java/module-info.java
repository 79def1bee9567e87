/** Checkpoints of any known format, in and out. */
module dev.diarist.weights {
  requires transitive com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.dataformat.yaml;
  requires transitive dev.diarist.nn;
  requires java.net.http;

  exports dev.diarist.weights;
  exports dev.diarist.weights.hub;
}
