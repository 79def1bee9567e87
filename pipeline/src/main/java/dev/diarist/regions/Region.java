package dev.diarist.regions;

/** What a region of a recording has: speech, or speech of several at a time. */
public enum Region {
  SPEECH(1),
  OVERLAP(2);

  private final int speakers;

  Region(int speakers) {
    this.speakers = speakers;
  }

  /** How many local speakers must be active, at least. */
  int speakers() {
    return speakers;
  }

  /** The label of such regions, as pyannote has it. */
  public String label() {
    return name();
  }
}
