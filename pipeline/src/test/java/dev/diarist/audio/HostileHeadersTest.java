package dev.diarist.audio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import dev.diarist.audio.flac.FlacBytes;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files whose headers were changed at random: each is read or refused in a sentence that names it,
 * within a second, and without more memory than twice the file beside what every file needs.
 */
class HostileHeadersTest {
  private static final int QUICK = 250; // of each kind
  private static final int LONG = 10_000;

  /** Bytes from the start of a file in which almost all changes fall. */
  private static final int HEADER_BYTES = 120;

  /**
   * What every file may need beside: the buffers, blocks of 16,384 samples that are kept at both
   * rates, and the largest frame of FLAC, 65,536 samples of each channel.
   */
  private static final long FIXED_BYTES = 6L << 20;

  /** Where the first frame of a FLAC stream without a seek table begins. */
  private static final int FIRST_FRAME = 42;

  private static final int FRAME_HEADER = 8;

  /** A predictor of order 0, whose residual follows. */
  private static final byte FIXED_SUBFRAME = 8 << 1;

  private static final int FLAC = 1;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir private Path folder;

  @Test
  @Timeout(300)
  void aThousandChangedHeadersDoNoHarm() throws IOException {
    readOrRefuse(QUICK, 1);
  }

  @Test
  @Tag("long")
  @Timeout(1800)
  void tenThousandChangedHeadersOfEachKindDoNoHarm() throws IOException {
    readOrRefuse(LONG, 2);
  }

  @Test
  void aSeekTableOfSixteenMegabytesTakesNoMoreThanTheFile() throws IOException {
    ByteBuffer points = ByteBuffer.allocate((1 << 24) / 18 * 18);
    for (long sample = 0; points.hasRemaining(); sample++) {
      points.putLong(sample).putLong(sample).putShort((short) 1);
    }
    FlacBytes flac = new FlacBytes(44100, 16);
    flac.seekTable = points.array();
    assertTrue(hear(flac.encode(new long[1][3000]), FLAC));
  }

  @Test
  void zerosThatDoNotEndAreADamagedFrame() throws IOException {
    FlacBytes encoder = new FlacBytes(44100, 16);
    encoder.coding = FlacBytes.Coding.CONSTANT;
    byte[] sound = encoder.encode(new long[1][2 * encoder.blockSize]);
    int secondFrame = FIRST_FRAME + (int) encoder.frames.get(1)[0];
    byte[] file =
        ByteBuffer.allocate(secondFrame + (20 << 20) + sound.length)
            .put(sound, 0, FIRST_FRAME + FRAME_HEADER)
            .put(FIXED_SUBFRAME)
            .array();
    System.arraycopy(
        sound,
        secondFrame,
        file,
        file.length - sound.length + secondFrame,
        sound.length - secondFrame);
    assertFalse(hear(file, FLAC));
  }

  @Test
  void headersBeforeNothingButZerosDoNotHoldUpTheSearchForTheLastFrame() throws IOException {
    FlacBytes encoder = new FlacBytes(44100, 16);
    encoder.coding = FlacBytes.Coding.CONSTANT;
    encoder.blockSize = 65535;
    byte[] sound = encoder.encode(new long[1][encoder.blockSize]);
    ByteBuffer file = ByteBuffer.allocate(sound.length + (4 << 20));
    file.put(sound);
    for (int header = 0; header < 200; header++) {
      file.put(sound, FIRST_FRAME, FRAME_HEADER).put(FIXED_SUBFRAME);
    }
    hear(file.array(), FLAC);
  }

  private void readOrRefuse(int trials, long seed) throws IOException {
    List<byte[]> sound = List.of(wav(), flac(), aiff(), au());
    for (int kind = 0; kind < sound.size(); kind++) {
      assertTrue(hear(sound.get(kind), kind), "the file itself is sound: " + kind);
      Random random = new Random(seed + kind);
      int heard = 0;
      for (int trial = 0; trial < trials; trial++) {
        heard += hear(changed(sound.get(kind), random), kind) ? 1 : 0;
      }
      // Otherwise the changes would try nothing but the first bytes, or nothing at all.
      assertTrue(heard > trials / 50 && heard < trials, heard + " of " + trials + " were read");
    }
  }

  private static byte[] wav() {
    byte[] samples = new byte[8000];
    new Random(1).nextBytes(samples);
    return new WavBytes()
        .chunk("LIST", new byte[10])
        .chunk("fmt ", WavBytes.extensible(WavBytes.PCM, 2, 16))
        .chunk("data", samples)
        .riff();
  }

  private static byte[] flac() {
    long[][] sound = new long[2][3000];
    Random random = new Random(2);
    for (int i = 0; i < 3000; i++) {
      sound[0][i] = random.nextInt(2000) - 1000;
      sound[1][i] = sound[0][i] + random.nextInt(20);
    }
    FlacBytes flac = new FlacBytes(44100, 16);
    flac.coding = FlacBytes.Coding.LPC;
    flac.order = 8;
    flac.stereo = 10;
    flac.seekTable =
        ByteBuffer.allocate(18).putLong(192).putLong(300).putShort((short) 192).array();
    return flac.encode(sound);
  }

  private static byte[] aiff() {
    return new AiffBytes()
        .chunk("NAME", new byte[6])
        .chunk("COMM", AiffBytes.common(2, 2000, 24, 22050, "NONE"))
        .chunk("SSND", AiffBytes.sound(new byte[12_000]))
        .file("AIFC");
  }

  private static byte[] au() {
    return AiffBytes.au(3, 8000, 2, 8000, new byte[8000]);
  }

  /** One to eight changes: bits, bytes, extreme numbers, and the end of the file. */
  private static byte[] changed(byte[] sound, Random random) {
    byte[] file = sound.clone();
    for (int change = random.nextInt(8); change >= 0; change--) {
      int range = random.nextInt(10) == 0 ? file.length : Math.min(HEADER_BYTES, file.length);
      int at = random.nextInt(range);
      switch (random.nextInt(6)) {
        case 0, 1 -> file[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> file[at] = (byte) random.nextInt(256);
        case 3 -> file[at] = (byte) (random.nextBoolean() ? 0 : 0xFF);
        case 4 -> {
          int value = List.of(0, -1, 1, 0x7FFFFFFF, 0x80000000, 0xFFFF).get(random.nextInt(6));
          for (int i = 0; i < 4 && at + i < file.length; i++) {
            file[at + i] = (byte) (value >> 8 * i);
          }
        }
        default -> {
          if (random.nextInt(20) == 0) {
            file = Arrays.copyOf(file, 1 + random.nextInt(file.length));
          }
        }
      }
    }
    return file;
  }

  /** Opens and reads the file as the pipeline does; whether it was read. */
  private boolean hear(byte[] bytes, int kind) throws IOException {
    Path file = Files.write(folder.resolve("hostile"), bytes);
    AudioOptions options =
        AudioOptions.DEFAULT.withFfmpeg("no-such-ffmpeg").withSpoolFolder(folder);
    long start = THREADS.getCurrentThreadCpuTime(); // whatever else the machine does
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    boolean heard = false;
    try (AudioSource audio = AudioFiles.open(file, options)) {
      // As many chunks as there are, but of a promise that holds for days only some.
      float[] samples = new float[16000];
      for (long at = 0; at < Math.min(audio.samples(), 160_000); at += samples.length) {
        audio.read(at, samples.length, samples, 0);
      }
      audio.crop(0, 1, samples, 0);
      heard = true;
    } catch (AudioException e) {
      assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
      assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    } catch (RuntimeException | Error e) {
      Path kept = Files.write(Files.createTempFile("hostile", ".bin"), bytes);
      fail("kind " + kind + ", kept as " + kept, e);
    }
    long used = THREADS.getCurrentThreadAllocatedBytes() - allocated;
    long millis = TimeUnit.NANOSECONDS.toMillis(THREADS.getCurrentThreadCpuTime() - start);
    assertTrue(used <= FIXED_BYTES + 2L * bytes.length, used + " bytes for " + bytes.length);
    assertTrue(millis < 1000, millis + " ms, kind " + kind);
    return heard;
  }
}
