package dev.diarist.audio;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a file is, by its first bytes. */
enum AudioKind {
  WAV("WAV"),
  AIFF("AIFF"),
  AU("AU"),
  FLAC("FLAC"),
  OTHER_RIFF("RIFF"),
  MP3("MP3"),
  OGG("Ogg (Vorbis, Opus or Speex)"),
  MP4("MPEG-4 (M4A)"),
  MATROSKA("Matroska (WebM)"),
  CAF("Core Audio (CAF)"),
  WMA("Windows Media"),
  AMR("AMR"),
  WAVPACK("WavPack"),
  APE("Monkey's Audio");

  /** Bytes that decide. */
  static final int SIGNATURE_BYTES = 12;

  private final String words;

  AudioKind(String words) {
    this.words = words;
  }

  /** Its name in an error. */
  String words() {
    return words;
  }

  /**
   * The kind of a file that begins with {@code signature}; empty where it is no audio known here.
   *
   * @param signature at most 12 bytes, fewer where the file is as short; not modified
   */
  static Optional<AudioKind> of(byte[] signature) {
    String text = new String(signature, StandardCharsets.ISO_8859_1);
    String four = text.substring(0, Math.min(4, text.length()));
    AudioKind kind =
        switch (four) {
          case "RIFF", "RIFX" ->
              text.startsWith("WAVE", 8) || text.length() < 12 ? WAV : OTHER_RIFF;
          case "RF64", "BW64" -> WAV;
          case "FORM" -> AIFF;
          case ".snd" -> AU;
          case "fLaC" -> FLAC;
          case "OggS" -> OGG;
          case "caff" -> CAF;
          case "#!AM" -> AMR;
          case "wvpk" -> WAVPACK;
          case "MAC " -> APE;
          case "\u001a\u0045\u00df\u00a3" -> MATROSKA;
          case "\u0030\u0026\u00b2\u0075" -> WMA;
          default -> text.startsWith("ftyp", 4) ? MP4 : mpegFrame(signature) ? MP3 : null;
        };
    return Optional.ofNullable(kind);
  }

  /** Eleven bits of sync, and neither version, layer, bit rate nor rate of a reserved value. */
  private static boolean mpegFrame(byte[] bytes) {
    if (bytes.length < 4 || (bytes[0] & 0xFF) != 0xFF || (bytes[1] & 0xE0) != 0xE0) {
      return false;
    }
    int version = bytes[1] >> 3 & 3;
    int layer = bytes[1] >> 1 & 3;
    boolean adts = (bytes[1] & 0xF6) == 0xF0; // AAC, which layer 0 marks
    boolean rates = (bytes[2] & 0xF0) != 0xF0 && (bytes[2] & 0x0C) != 0x0C;
    return adts || version != 1 && layer != 0 && rates;
  }
}
