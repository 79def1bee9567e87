package dev.diarist.weights.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.diarist.nn.weights.WeightsException;
import dev.diarist.weights.ReadingBounds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZipArchiveTest {
  private static final byte[] FIRST = "one one one one".getBytes(StandardCharsets.UTF_8);
  private static final byte[] SECOND = "two".getBytes(StandardCharsets.UTF_8);
  private static final int CENTRAL = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int END = 0x06054b50;

  @TempDir Path folder;

  @Test
  void entriesAreReadStoredAndDeflated() throws IOException {
    try (ZipArchive archive = open(zip())) {
      assertEquals(List.of("a/x", "a/y"), List.copyOf(archive.names()));
      assertArrayEquals(FIRST, archive.read("a/x"));
      assertArrayEquals(SECOND, archive.read("a/y"));
      assertEquals(FIRST.length, archive.size("a/x"));
    }
  }

  @Test
  void aNameThatDiffersFromTheDirectorysIsRefused() {
    byte[] zip = zip();
    zip[at(zip, LOCAL, 1) + 30] = 'b';
    assertRefused("the header of entry 'a/y' does not agree with the archive's directory", zip);
  }

  @Test
  void methodsThatDifferAreRefused() {
    byte[] zip = zip();
    zip[at(zip, LOCAL, 1) + 8] = 0;
    assertRefused("does not agree", zip);
    byte[] unknown = zip();
    unknown[at(unknown, CENTRAL, 1) + 10] = 12;
    assertRefused("must be stored or deflated and not encrypted", unknown);
  }

  @Test
  void flagsOfEncryptionAreRefused() {
    byte[] zip = zip();
    zip[at(zip, CENTRAL, 0) + 8] |= 1;
    assertRefused("must be stored or deflated and not encrypted", zip);
  }

  @Test
  void overlappingEntriesAreRefused() {
    byte[] zip = zip();
    ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    // The second entry of the directory points to the header of the first and takes its name.
    int first = at(zip, CENTRAL, 0);
    int second = at(zip, CENTRAL, 1);
    for (int field : new int[] {10, 16, 20, 24, 42}) {
      bytes.putInt(second + field, bytes.getInt(first + field));
    }
    zip[second + 46 + 2] = 'x';
    assertRefused("the archive has two entries 'a/x'", zip);

    // A directory that lets the first entry reach into the second: its own header leaves sizes out.
    byte[] quine = zip();
    ByteBuffer reaching = ByteBuffer.wrap(quine).order(ByteOrder.LITTLE_ENDIAN);
    int central = at(quine, CENTRAL, 0);
    reaching.putInt(central + 20, reaching.getInt(central + 20) + 40);
    assertRefused("entries 'a/x' and 'a/y' overlap", quine);
  }

  @Test
  void impossibleSizesAreRefused() {
    byte[] zip = zip();
    ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).putInt(at(zip, CENTRAL, 1) + 20, 1 << 30);
    assertRefused("impossible sizes", zip);
  }

  @Test
  void aBombIsRefusedBeforeItIsUnpacked() throws IOException {
    byte[] zip = zip(new TreeMap<>(Map.of("a/bomb", new byte[64 << 20])));
    try (ZipArchive archive = open(zip)) {
      ReadingBounds.check(
          zip.length, () -> assertThrows(WeightsException.class, () -> archive.read("a/bomb")));
    }
  }

  @Test
  void contentThatIsLongerThanItSaysIsRefused() throws IOException {
    byte[] zip = zip(new TreeMap<>(Map.of("a/x", new byte[5000])));
    ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(at(zip, CENTRAL, 0) + 24, 100);
    try (ZipArchive archive = open(zip)) {
      assertThrows(WeightsException.class, () -> archive.read("a/x"));
    }
  }

  @Test
  void aDirectoryOfAnotherPlaceIsRefused() {
    for (int field : new int[] {10, 12, 16}) { // count, size, place
      byte[] zip = zip();
      zip[at(zip, END, 0) + field] += 1;
      String message = assertThrows(WeightsException.class, () -> open(zip)).getMessage();
      assertTrue(message.contains(": broken zip file: "), message);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "/x", "a/../../x", "C:x", "a\\..\\x", ""})
  void namesThatLeadOutAreRefused(String name) {
    assertRefused("must be a path inside the archive", zip(new TreeMap<>(Map.of(name, SECOND))));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "60s")
  void anyZipIsReadOrRefused(byte[] content) throws IOException {
    ReadingBounds.checkFile(
        content,
        file -> {
          AllocationBudget budget = new AllocationBudget("test", content.length);
          try (ZipArchive archive = ZipArchive.open(file, budget)) {
            for (String name : archive.names()) {
              archive.read(name);
            }
          }
        });
  }

  static Stream<Arguments> seeds() {
    byte[] overlapping = zip();
    overlapping[at(overlapping, CENTRAL, 0) + 20] += 40;
    return Stream.of(
            zip(),
            overlapping,
            zip(new TreeMap<>(Map.of("../x", SECOND))),
            zip(new TreeMap<>(Map.of("a/bomb", new byte[1 << 20]))))
        .map(content -> Arguments.of((Object) content));
  }

  private ZipArchive open(byte[] zip) throws IOException {
    Path file = Files.write(folder.resolve("test.zip"), zip);
    return ZipArchive.open(file, new AllocationBudget(file.toString(), zip.length));
  }

  private void assertRefused(String reason, byte[] zip) {
    String message = assertThrows(WeightsException.class, () -> open(zip)).getMessage();
    assertTrue(message.contains(reason), message);
  }

  private static byte[] zip() {
    return zip(new TreeMap<>(Map.of("a/x", FIRST, "a/y", SECOND)));
  }

  private static byte[] zip(Map<String, byte[]> entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Where the signature stands for the {@code skip}th time, counted from 0. */
  private static int at(byte[] zip, int signature, int skip) {
    ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    int left = skip;
    for (int i = 0; i <= zip.length - Integer.BYTES; i++) {
      if (bytes.getInt(i) == signature && left-- == 0) {
        return i;
      }
    }
    throw new IllegalArgumentException("no such signature");
  }
}
