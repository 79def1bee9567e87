package dev.diarist.weights.hub;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A repository of models and one of its revisions.
 *
 * @param owner {@code pyannote}
 * @param name {@code segmentation-3.0}
 * @param revision branch, tag or commit
 */
public record RepositoryName(String owner, String name, String revision) {
  private static final String MAIN = "main";
  private static final String PART = "[A-Za-z0-9](?:[A-Za-z0-9_-]|\\.(?!\\.)){0,95}";
  private static final Pattern TEXT =
      Pattern.compile("(" + PART + ")/(" + PART + ")(?:@([A-Za-z0-9][A-Za-z0-9._/-]{0,199}))?");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  /** Whether {@code text} reads as {@code owner/name} or {@code owner/name@revision}. */
  public static boolean is(String text) {
    Matcher parts = TEXT.matcher(text);
    return parts.matches() && (parts.group(3) == null || !parts.group(3).contains(".."));
  }

  /**
   * @throws IllegalArgumentException if the text is no such name
   */
  public static RepositoryName of(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!is(text) || !parts.matches()) {
      throw new IllegalArgumentException(
          "a repository is named owner/name or owner/name@revision, found '" + text + "'");
    }
    return new RepositoryName(
        parts.group(1), parts.group(2), parts.group(3) == null ? MAIN : parts.group(3));
  }

  /** {@code owner/name}. */
  public String path() {
    return owner + "/" + name;
  }

  static boolean isCommit(String revision) {
    return COMMIT.matcher(revision).matches();
  }

  @Override
  public String toString() {
    return path() + (revision.equals(MAIN) ? "" : "@" + revision);
  }
}
