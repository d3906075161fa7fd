package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The weights of a PyTorch {@code .bin} or {@code .pt} file, read without running its pickle.
 *
 * <p>Such a file is a zip archive of uncompressed entries: {@code NAME/data.pkl}, which describes a
 * state dict, and {@code NAME/data/0}, {@code NAME/data/1} …, the arrays that its tensors are views
 * of. Compressed entries are refused, so that no entry is larger than the file. Files from before
 * PyTorch 1.6 are no zip archives and are refused.
 */
public final class TorchArchive implements CheckpointSource {
  static final String REMEDY =
      "The file is damaged, incomplete or hostile; get it again, best as safetensors.";
  static final String UNSAFE_REMEDY =
      "Do not load it in Python either unless you trust its author; ask for safetensors.";
  private static final long LARGEST_PICKLE = 64L << 20;

  private final String where;
  private final ZipFile zip;
  private final Map<String, TorchStorage> storages;
  private final String root;
  private final SequencedMap<String, TensorInfo> tensors = new LinkedHashMap<>();

  private TorchArchive(String where, ZipFile zip) throws IOException {
    this.where = where;
    this.zip = zip;
    ZipEntry pickle =
        zip.stream()
            .filter(e -> e.getName().matches("[^/]+/data\\.pkl"))
            .findFirst()
            .map(ZipEntry.class::cast)
            .orElseThrow(() -> error(Kind.MALFORMED, "an archive with NAME/data.pkl", "none"));
    root = pickle.getName().substring(0, pickle.getName().length() - "data.pkl".length());
    requireLittleEndian();
    storages = TorchStateDict.read(where, bytes(pickle, LARGEST_PICKLE));
    storages.forEach(this::add);
  }

  /**
   * Opens an archive.
   *
   * @param file a regular file
   * @return owned by the caller
   * @throws CheckpointException {@code UNSAFE} when the pickle calls anything but what rebuilds
   *     tensors, {@code MALFORMED}, {@code TRUNCATED}, {@code SHAPE} and {@code UNSUPPORTED} for
   *     what is not a plain state dict
   */
  public static TorchArchive open(Path file) {
    String where = file.toString();
    if (!Files.isRegularFile(file)) {
      throw new CheckpointException(
          Kind.NOT_FOUND, where, "a regular file", "none", "Check the path.");
    }
    ZipFile zip;
    try {
      zip = new ZipFile(file.toFile());
    } catch (IOException e) {
      throw new CheckpointException(
          Kind.MALFORMED,
          where,
          "a zip archive, as PyTorch 1.6 and newer write",
          Quoted.of(String.valueOf(e.getMessage())),
          "Load and save it with a current PyTorch, best as safetensors.",
          e);
    }
    try {
      return new TorchArchive(where, zip);
    } catch (IOException | RuntimeException e) {
      closeQuietly(zip, e);
      throw e instanceof CheckpointException ours
          ? ours
          : new CheckpointException(
              Kind.MALFORMED,
              where,
              "a readable archive",
              Quoted.of(String.valueOf(e.getMessage())),
              REMEDY,
              e);
    }
  }

  private static void closeQuietly(ZipFile zip, Exception reason) {
    try {
      zip.close();
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  private void requireLittleEndian() throws IOException {
    ZipEntry order = zip.getEntry(root + "byteorder");
    if (order == null) {
      return;
    }
    String name = new String(bytes(order, 16), java.nio.charset.StandardCharsets.US_ASCII);
    if (!name.equals("little")) {
      throw error(Kind.UNSUPPORTED, "byteorder little", Quoted.of(name));
    }
  }

  private void add(String name, TorchStorage storage) {
    ZipEntry entry = entry(storage);
    long needed = storage.elements() * (storage.type().bits() / 8);
    if (storage.elements() > entry.getSize() || needed > entry.getSize()) {
      throw error(
          Kind.TRUNCATED,
          storage.elements()
              + " elements of "
              + storage.type()
              + " in "
              + Quoted.of(entry.getName()),
          entry.getSize() + " bytes");
    }
    long bytes = TensorInfo.bytesOf(where, storage.type(), storage.shape().toArray());
    long begin = storage.offset() * (storage.type().bits() / 8);
    tensors.put(name, new TensorInfo(name, storage.type(), storage.shape(), begin, begin + bytes));
  }

  private ZipEntry entry(TorchStorage storage) {
    ZipEntry entry = zip.getEntry(root + "data/" + storage.entry());
    if (entry == null) {
      throw error(
          Kind.NOT_FOUND, "an entry " + Quoted.of(root + "data/" + storage.entry()), "none");
    }
    return entry;
  }

  private byte[] bytes(ZipEntry entry, long most) throws IOException {
    if (entry.getMethod() != ZipEntry.STORED
        || entry.getSize() > Math.min(most, Files.size(Path.of(zip.getName())))) {
      throw error(
          Kind.TOO_LARGE,
          "an uncompressed entry of at most " + most + " bytes",
          Quoted.of(entry.getName()) + " of " + entry.getSize());
    }
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] bytes = in.readNBytes((int) entry.getSize());
      if (bytes.length != entry.getSize()) {
        throw error(
            Kind.TRUNCATED,
            entry.getSize() + " bytes of " + Quoted.of(entry.getName()),
            bytes.length + "");
      }
      return bytes;
    }
  }

  /**
   * Returns every tensor; the bytes are counted from the start of the array that it is a view of.
   */
  @Override
  public SequencedMap<String, TensorInfo> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  @Override
  public Map<String, String> metadata() {
    return Map.of();
  }

  @Override
  public Tensor read(String name) {
    TensorInfo info = info(name);
    TorchStorage storage = Objects.requireNonNull(storages.get(name));
    MemorySegment array;
    try {
      array = MemorySegment.ofArray(bytes(entry(storage), Integer.MAX_VALUE - 8));
    } catch (IOException e) {
      throw new CheckpointException(
          Kind.IO,
          where,
          "a readable archive",
          String.valueOf(e.getMessage()),
          "Check the disk.",
          e);
    }
    String at = where + ", tensor " + Quoted.of(name);
    MemorySegment values =
        storage.isDense()
            ? array.asSlice(info.begin(), info.bytes())
            : gather(storage, info, array);
    return TensorBytes.read(at, info.type(), info.shape(), values);
  }

  private static MemorySegment gather(TorchStorage storage, TensorInfo info, MemorySegment array) {
    int width = info.type().bits() / 8;
    MemorySegment values = MemorySegment.ofArray(new byte[Math.toIntExact(info.bytes())]);
    long[] index = new long[info.shape().rank()];
    long from = storage.offset();
    for (long to = 0; to < info.bytes(); to += width) {
      MemorySegment.copy(array, from * width, values, to, width);
      for (int d = index.length - 1; d >= 0; d--) {
        from += storage.strides().get(d);
        if (++index[d] < info.shape().size(d)) {
          break;
        }
        from -= storage.strides().get(d) * index[d];
        index[d] = 0;
      }
    }
    return values;
  }

  @Override
  public String describe() {
    return where;
  }

  @Override
  public void close() {
    try {
      zip.close();
    } catch (IOException e) {
      throw new CheckpointException(
          Kind.IO,
          where,
          "the archive to close",
          String.valueOf(e.getMessage()),
          "Check the disk.",
          e);
    }
  }

  private CheckpointException error(Kind kind, String expected, String got) {
    return new CheckpointException(kind, where, expected, got, REMEDY);
  }
}
