package dev.heed.checkpoint;

import dev.heed.checkpoint.CheckpointException.Kind;
import dev.heed.checkpoint.PickleReader.Name;
import dev.heed.checkpoint.PickleReader.Persistent;
import dev.heed.tensor.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives meaning to the few names that a pickled state dict may use: tensors, parameters, storages
 * and ordered dicts. Every other name is refused, whether or not it is harmless.
 */
final class TorchStateDict {
  private static final Map<String, StorageType> STORAGES =
      Map.of(
          "torch.DoubleStorage", StorageType.F64,
          "torch.FloatStorage", StorageType.F32,
          "torch.HalfStorage", StorageType.F16,
          "torch.BFloat16Storage", StorageType.BF16,
          "torch.LongStorage", StorageType.I64,
          "torch.IntStorage", StorageType.I32,
          "torch.ShortStorage", StorageType.I16,
          "torch.CharStorage", StorageType.I8,
          "torch.ByteStorage", StorageType.U8,
          "torch.BoolStorage", StorageType.BOOL);

  private final String where;

  private TorchStateDict(String where) {
    this.where = where;
  }

  /** Where training loops put the weights beside the optimizer's state. */
  private static final List<String> NESTED = List.of("state_dict", "model_state_dict");

  /**
   * Reads the tensors of a pickle.
   *
   * @param where for messages
   * @param pickle the archive's {@code data.pkl}
   * @return the tensors of the top dict, or of the dict in it that training loops save weights as
   * @throws CheckpointException {@code UNSAFE} for any other name, {@code MALFORMED} for anything
   *     but a dict of tensors
   */
  static Map<String, TorchStorage> read(String where, byte[] pickle) {
    TorchStateDict dict = new TorchStateDict(where);
    Object top = PickleReader.read(where, pickle, dict::construct);
    for (String nested : NESTED) {
      if (top instanceof Map<?, ?> map && map.get(nested) instanceof Map<?, ?> inner) {
        top = inner;
      }
    }
    if (!(top instanceof Map<?, ?> map)) {
      throw dict.malformed("a dict of tensors", top.getClass().getSimpleName());
    }
    Map<String, TorchStorage> tensors = new LinkedHashMap<>();
    map.forEach((name, value) -> {
      if (value instanceof TorchStorage tensor) {
        tensors.put((String) name, tensor);
      }
    });
    return tensors;
  }

  private Object construct(Name name, List<?> arguments) {
    return switch (name.qualified()) {
      case "collections.OrderedDict" -> new LinkedHashMap<String, Object>();
      case "torch._utils._rebuild_tensor_v2" -> tensor(arguments);
      case "torch._utils._rebuild_parameter" -> argument(arguments, 0, TorchStorage.class);
      default ->
          throw new CheckpointException(
              Kind.UNSAFE,
              where,
              "calls that rebuild tensors",
              "a call of " + Quoted.of(name.qualified()),
              TorchArchive.UNSAFE_REMEDY);
    };
  }

  private TorchStorage tensor(List<?> arguments) {
    List<?> storage = argument(arguments, 0, Persistent.class).id();
    String kind = argument(storage, 1, Name.class).qualified();
    StorageType type = STORAGES.get(kind);
    if (type == null || !argument(storage, 0, String.class).equals("storage")) {
      throw new CheckpointException(
          Kind.UNKNOWN_TYPE,
          where,
          "one of " + STORAGES.keySet().stream().sorted().toList(),
          Quoted.of(kind),
          TorchArchive.REMEDY);
    }
    String entry = argument(storage, 2, String.class);
    long elements = argument(storage, 4, Long.class);
    long offset = argument(arguments, 1, Long.class);
    long[] sizes = longs(argument(arguments, 2, List.class));
    long[] strides = longs(argument(arguments, 3, List.class));
    TensorInfo.bytesOf(where, type, sizes);
    TorchStorage tensor =
        new TorchStorage(
            entry,
            type,
            elements,
            offset,
            Shape.of(sizes),
            java.util.Arrays.stream(strides).boxed().toList());
    check(tensor, sizes, strides);
    return tensor;
  }

  private void check(TorchStorage tensor, long[] sizes, long[] strides) {
    boolean fits =
        sizes.length == strides.length
            && tensor.elements() >= 0
            && tensor.offset() >= 0
            && java.util.Arrays.stream(strides).allMatch(s -> s >= 0)
            && tensor.shape().elements() <= tensor.elements();
    try {
      fits = fits && tensor.last() < tensor.elements();
    } catch (ArithmeticException e) {
      fits = false;
    }
    if (!fits) {
      throw new CheckpointException(
          Kind.SHAPE,
          where,
          "a view inside its storage of " + tensor.elements() + " elements",
          "offset "
              + tensor.offset()
              + ", shape "
              + tensor.shape()
              + ", strides "
              + java.util.Arrays.toString(strides),
          TorchArchive.REMEDY);
    }
  }

  private long[] longs(List<?> values) {
    long[] longs = new long[values.size()];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = argument(values, i, Long.class);
    }
    return longs;
  }

  private <T> T argument(List<?> arguments, int index, Class<T> type) {
    if (index >= arguments.size() || !type.isInstance(arguments.get(index))) {
      throw malformed("a " + type.getSimpleName() + " as argument " + index, "something else");
    }
    return type.cast(arguments.get(index));
  }

  private CheckpointException malformed(String expected, String got) {
    return new CheckpointException(Kind.MALFORMED, where, expected, got, TorchArchive.REMEDY);
  }
}
