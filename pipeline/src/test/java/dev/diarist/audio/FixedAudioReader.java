package dev.diarist.audio;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.UnsupportedAudioFileException;
import javax.sound.sampled.spi.AudioFileReader;

/** A provider that hears 0.5 and −1 in each "file" that begins with {@link #SIGNATURE}. */
public final class FixedAudioReader extends AudioFileReader {
  static final byte[] SIGNATURE = "caff in a test".getBytes();

  @Override
  public AudioInputStream getAudioInputStream(InputStream in)
      throws UnsupportedAudioFileException, IOException {
    in.mark(SIGNATURE.length);
    if (!Arrays.equals(SIGNATURE, in.readNBytes(SIGNATURE.length))) {
      in.reset();
      throw new UnsupportedAudioFileException("none of this test");
    }
    byte[] samples =
        ByteBuffer.allocate(4).putShort((short) 16384).putShort((short) -32768).array();
    return new AudioInputStream(
        new ByteArrayInputStream(samples), new AudioFormat(16000, 16, 1, true, true), 2);
  }

  @Override
  public AudioFileFormat getAudioFileFormat(InputStream in) throws UnsupportedAudioFileException {
    throw new UnsupportedAudioFileException("only streams are read");
  }

  @Override
  public AudioFileFormat getAudioFileFormat(URL url) throws UnsupportedAudioFileException {
    throw new UnsupportedAudioFileException("only streams are read");
  }

  @Override
  public AudioFileFormat getAudioFileFormat(File file) throws UnsupportedAudioFileException {
    throw new UnsupportedAudioFileException("only streams are read");
  }

  @Override
  public AudioInputStream getAudioInputStream(URL url) throws UnsupportedAudioFileException {
    throw new UnsupportedAudioFileException("only streams are read");
  }

  @Override
  public AudioInputStream getAudioInputStream(File file) throws UnsupportedAudioFileException {
    throw new UnsupportedAudioFileException("only streams are read");
  }
}
