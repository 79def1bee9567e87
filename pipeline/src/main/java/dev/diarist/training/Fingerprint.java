package dev.diarist.training;

import dev.diarist.nn.weights.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A few digits that say whether a training that is resumed is of the same weights and data. */
public final class Fingerprint {
  private static final int DIGITS = 16;

  private final MessageDigest digest;

  public Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Adds text, told apart from what comes before and after. */
  public Fingerprint add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    digest.update(bytes);
    return this;
  }

  public Fingerprint add(double number) {
    digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(number).flip());
    return this;
  }

  /** Adds the values of a tensor. */
  public Fingerprint add(Tensor tensor) {
    digest.update(tensor.bytes().asByteBuffer());
    return this;
  }

  /** The digits; nothing can be added any more. */
  public String text() {
    return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
  }
}
