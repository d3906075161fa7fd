package dev.heed.train;

import dev.heed.checkpoint.CheckpointException;
import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.SafetensorsFile;
import dev.heed.nn.WeightSource;
import dev.heed.tensor.DType;
import dev.heed.tensor.Shape;
import dev.heed.tensor.Tensor;
import dev.heed.train.optim.Optimizer;
import dev.heed.train.optim.Share;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * An optimiser's state in a checkpoint: one file, or one for each process that kept a share. Who
 * reads it may keep other shares.
 */
final class SavedOptimizer implements AutoCloseable {
  private static final String PREFIX = "optimizer";

  private final Path folder;
  private final List<SafetensorsFile> files;
  private final Set<String> left = new TreeSet<>();

  private SavedOptimizer(Path folder, List<SafetensorsFile> files) {
    this.folder = folder;
    this.files = files;
    files.forEach(file -> left.addAll(file.names()));
  }

  /** The name of a share's file. */
  static String file(Share share) {
    return share.count() == 1
        ? PREFIX + ".safetensors"
        : String.format(
            Locale.ROOT, PREFIX + "-%05d-of-%05d.safetensors", share.rank() + 1, share.count());
  }

  /** Opens those of a checkpoint's files that are an optimiser's. */
  static SavedOptimizer open(Path folder, Collection<String> names) {
    return new SavedOptimizer(
        folder,
        names.stream()
            .filter(name -> name.startsWith(PREFIX))
            .sorted()
            .map(name -> SafetensorsFile.open(folder.resolve(name)))
            .toList());
  }

  /**
   * Puts a share's state back.
   *
   * @throws IllegalArgumentException if a part of it is not there, or not of its shape
   */
  void restore(Optimizer optimizer) {
    Map<String, SafetensorsFile> wanted = new LinkedHashMap<>();
    for (String name : optimizer.state().keySet()) {
      files.stream()
          .filter(file -> file.names().contains(name))
          .findFirst()
          .ifPresent(file -> wanted.put(name, file));
    }
    optimizer.restore(new Part(wanted));
    left.removeAll(wanted.keySet());
  }

  /**
   * Checks that nothing is left over.
   *
   * @throws CheckpointException if the files hold state of other parameters or rules
   */
  void requireAllRead() {
    if (!left.isEmpty()) {
      throw new CheckpointException(
          Kind.VALUE,
          folder.toString(),
          "the state of this optimiser",
          "left over " + left,
          "Resume with the options and parameters that the run was started with.");
    }
  }

  @Override
  public void close() {
    files.forEach(SafetensorsFile::close);
  }

  /** Some tensors of several files. */
  private record Part(Map<String, SafetensorsFile> fileOf) implements WeightSource {
    @Override
    public Set<String> names() {
      return new LinkedHashSet<>(fileOf.keySet());
    }

    @Override
    public Shape shape(String name) {
      return file(name).shape(name);
    }

    @Override
    public DType dtype(String name) {
      return file(name).dtype(name);
    }

    @Override
    public Tensor read(String name) {
      return file(name).read(name);
    }

    private SafetensorsFile file(String name) {
      return Objects.requireNonNull(fileOf.get(name), name);
    }
  }
}
