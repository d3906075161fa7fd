package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What every file of a model folder was when it was locked: its length and SHA-256. The lock lies
 * in the folder as {@code heed.lock}, JSON of the form {@code {"version": 1, "files": {path:
 * {"bytes": n, "sha256": hex}}}}, paths with slashes.
 *
 * @param files by path, in order
 */
public record FolderLock(SortedMap<String, Entry> files) {
  /** The lock's own name. */
  public static final String FILE = "heed.lock";

  private static final int VERSION = 1;
  private static final int LARGEST = 16 << 20;
  private static final int MOST_FILES = 100_000;
  private static final int DEEPEST = 16;
  private static final String SHA_256 = "[0-9a-f]{64}";

  /**
   * A file.
   *
   * @param bytes its length
   * @param sha256 of its bytes, 64 hexadecimal digits
   */
  public record Entry(long bytes, String sha256) {}

  /** How a file can differ from its lock. */
  public enum Change {
    /** It holds something else. */
    CHANGED,
    /** It is gone. */
    MISSING,
    /** It was not there. */
    ADDED
  }

  /**
   * A difference.
   *
   * @param path of the file within the folder
   */
  public record Difference(String path, Change change) {}

  /** Copies the map. */
  public FolderLock {
    files = new TreeMap<>(files);
  }

  /**
   * Reads all files of a folder.
   *
   * @throws CheckpointException {@code NOT_FOUND} for no folder or an empty one, {@code TOO_LARGE}
   *     for too many files, {@code IO} for one that cannot be read
   */
  public static FolderLock of(Path folder) {
    SortedMap<String, Entry> files = new TreeMap<>();
    for (Path file : walk(folder)) {
      files.put(name(folder, file), entry(file));
    }
    if (files.isEmpty()) {
      throw new CheckpointException(
          Kind.NOT_FOUND, folder.toString(), "files of a model", "none", "Name its folder.");
    }
    return new FolderLock(files);
  }

  private static List<Path> walk(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new CheckpointException(
          Kind.NOT_FOUND, folder.toString(), "a model's folder", "none", "Check the path.");
    }
    // links are followed: download caches keep a folder's files elsewhere
    try (Stream<Path> all = Files.walk(folder, DEEPEST, FileVisitOption.FOLLOW_LINKS)) {
      List<Path> files =
          all.filter(Files::isRegularFile)
              .filter(file -> !name(folder, file).equals(FILE))
              .limit(MOST_FILES + 1L)
              .toList();
      if (files.size() > MOST_FILES) {
        throw new CheckpointException(
            Kind.TOO_LARGE,
            folder.toString(),
            "at most " + MOST_FILES + " files",
            "more",
            "Name a model's folder.");
      }
      return files;
    } catch (IOException | UncheckedIOException e) {
      throw unreadable(folder, e);
    }
  }

  private static String name(Path folder, Path file) {
    List<String> parts = new ArrayList<>();
    folder.relativize(file).forEach(part -> parts.add(part.toString()));
    return String.join("/", parts);
  }

  private static CheckpointException unreadable(Path path, Exception cause) {
    return new CheckpointException(
        Kind.IO,
        path.toString(),
        "a file that can be read",
        String.valueOf(cause.getMessage()),
        "Check its permissions.");
  }

  private static Entry entry(Path file) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        long bytes = in.transferTo(OutputStream.nullOutputStream());
        return new Entry(bytes, HexFormat.of().formatHex(digest.digest()));
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /**
   * Reads a folder's lock.
   *
   * @throws CheckpointException {@code NOT_FOUND} if it has none, {@code MALFORMED} or {@code
   *     UNSUPPORTED} for another file
   */
  public static FolderLock read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          Kind.NOT_FOUND,
          folder.toString(),
          "a " + FILE,
          "none",
          "Lock the folder while you trust it: heed lock DIR.");
    }
    JsonNode json = StrictJson.parse(file.toString(), SmallFile.read(file, LARGEST));
    if (json.path("version").asInt(0) != VERSION) {
      throw new CheckpointException(
          Kind.UNSUPPORTED,
          file.toString(),
          "version " + VERSION,
          json.path("version").toString(),
          "Lock the folder again.");
    }
    SortedMap<String, Entry> files = new TreeMap<>();
    for (Map.Entry<String, JsonNode> one : json.path("files").properties()) {
      JsonNode bytes = one.getValue().path("bytes");
      String sha256 = one.getValue().path("sha256").asString("");
      if (!bytes.isIntegralNumber() || !bytes.canConvertToLong() || !sha256.matches(SHA_256)) {
        throw new CheckpointException(
            Kind.MALFORMED,
            file.toString(),
            "bytes and sha256 of each file",
            Quoted.of(one.getKey()),
            "Lock the folder again.");
      }
      files.put(one.getKey(), new Entry(bytes.longValue(), sha256));
    }
    return new FolderLock(files);
  }

  /**
   * Writes it into a folder.
   *
   * @throws IOException if it cannot be written
   */
  public void write(Path folder) throws IOException {
    ObjectNode json = JsonMapper.shared().createObjectNode();
    json.put("version", VERSION);
    ObjectNode entries = json.putObject("files");
    files.forEach((path, entry) ->
        entries.putObject(path).put("bytes", entry.bytes()).put("sha256", entry.sha256()));
    String text =
        JsonMapper.shared()
            .writer()
            .with(SerializationFeature.INDENT_OUTPUT)
            .writeValueAsString(json);
    Path beside = Files.createTempFile(folder, FILE, null);
    Files.write(beside, (text + "\n").getBytes(StandardCharsets.UTF_8));
    Files.move(
        beside,
        folder.resolve(FILE),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.ATOMIC_MOVE);
  }

  /** How another state of the folder differs from this one, in the order of paths. */
  public List<Difference> differences(FolderLock other) {
    SortedMap<String, Difference> found = new TreeMap<>();
    files.forEach((path, entry) -> {
      Entry now = other.files.get(path);
      if (now == null) {
        found.put(path, new Difference(path, Change.MISSING));
      } else if (!now.equals(entry)) {
        found.put(path, new Difference(path, Change.CHANGED));
      }
    });
    for (String path : other.files.keySet()) {
      if (!files.containsKey(path)) {
        found.put(path, new Difference(path, Change.ADDED));
      }
    }
    return List.copyOf(found.values());
  }

  /**
   * Holds a folder to its lock.
   *
   * @throws CheckpointException {@code VALUE} with the first files that differ; as {@link #read}
   */
  public static void require(Path folder) {
    List<Difference> differences = read(folder).differences(of(folder));
    if (!differences.isEmpty()) {
      throw new CheckpointException(
          Kind.VALUE,
          folder.toString(),
          "the files that were locked",
          differences.stream()
              .limit(5)
              .map(
                  one -> one.change().name().toLowerCase(Locale.ROOT) + " " + Quoted.of(one.path()))
              .toList()
              .toString(),
          "Get the folder again, or lock it anew if you trust the change: heed lock DIR.");
    }
  }
}
