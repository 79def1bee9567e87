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
import java.util.Arrays;
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
    ReadingBounds.checkFile(content, ZipArchiveTest::readAll);
  }

  private static void readAll(Path file) throws IOException {
    AllocationBudget budget = new AllocationBudget("test", Files.size(file));
    try (ZipArchive archive = ZipArchive.open(file, budget)) {
      for (String name : archive.names()) {
        archive.read(name);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("attacks")
  void everyKnownAttackIsRefused(String name, byte[] zip) {
    assertThrows(WeightsException.class, () -> readAll(Files.write(folder.resolve("x.zip"), zip)));
  }

  /**
   * What makes a scanner and torch.load see different archives, or either of them fail.
   *
   * <p>Source: CVE-2025-1889, -1944, -1945, -10155 to -10157 of picklescan; "Gotta catch 'em all"
   * on confusions of zip readers.
   */
  static Stream<Arguments> attacks() {
    Map<String, byte[]> attacks = new TreeMap<>();
    attacks.put("bytes behind the end record", Arrays.copyOf(zip(), zip().length + 1));
    attacks.put("bytes in front of the archive", concatenated(SECOND, zip()));
    attacks.put("two archives, one behind the other", concatenated(zip(), zip()));
    attacks.put("a name in the header that the directory does not have", changed(LOCAL, 0, 30, 1));
    attacks.put("a name that is a folder of itself", changed(CENTRAL, 0, 47, 0x20));
    attacks.put("a checksum that is wrong", changed(CENTRAL, 0, 16, 1));
    attacks.put("a checksum that is wrong in both places", wrongChecksum());
    attacks.put("encryption flagged in the header alone", changed(LOCAL, 0, 6, 1));
    attacks.put("encryption flagged in the directory alone", changed(CENTRAL, 0, 8, 1));
    attacks.put("another method in the header", changed(LOCAL, 0, 8, 8));
    attacks.put("a size that is one too large", changed(CENTRAL, 0, 24, 1));
    attacks.put("an entry that begins in another", changed(CENTRAL, 1, 42, 3));
    attacks.put("an entry beyond the end", changed(CENTRAL, 1, 45, 0x7f));
    attacks.put("fewer entries than there are", changed(END, 0, 10, 3));
    attacks.put("a directory elsewhere", changed(END, 0, 16, 4));
    attacks.put("a name that leads out", zip(new TreeMap<>(Map.of("../x", SECOND))));
    attacks.put("a bomb", zip(new TreeMap<>(Map.of("a/bomb", new byte[64 << 20]))));
    return attacks.entrySet().stream().map(a -> Arguments.of(a.getKey(), a.getValue()));
  }

  static Stream<Arguments> seeds() {
    return Stream.concat(Stream.of(zip()), attacks().map(attack -> (byte[]) attack.get()[1]))
        .filter(content -> content.length <= 1 << 16)
        .map(content -> Arguments.of((Object) content));
  }

  private static byte[] changed(int signature, int skip, int field, int bits) {
    byte[] zip = zip();
    zip[at(zip, signature, skip) + field] ^= (byte) bits;
    return zip;
  }

  private static byte[] wrongChecksum() {
    byte[] zip = changed(CENTRAL, 0, 16, 1);
    int descriptor = at(zip, 0x08074b50, 0); // behind the data, where the header leaves it out
    zip[descriptor + 4] ^= 1;
    return zip;
  }

  private static byte[] concatenated(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
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
