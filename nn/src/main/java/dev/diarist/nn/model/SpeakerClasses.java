package dev.diarist.nn.model;

/** What the outputs of a segmentation network stand for, frame by frame. */
public sealed interface SpeakerClasses permits Powerset, Multilabel {

  /** S, the local speakers of a chunk. */
  int speakers();

  /** P, the outputs of a frame. */
  int classes();
}
