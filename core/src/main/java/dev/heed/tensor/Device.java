package dev.heed.tensor;

/**
 * Where a tensor's memory lies.
 *
 * @param type processor kind
 * @param index which one of that kind, from 0; always 0 for the CPU
 */
public record Device(Type type, int index) {
  /** The processor kinds that LibTorch may be built for. */
  public enum Type {
    /** Main memory. */
    CPU,
    /** An NVIDIA (or ROCm) graphics processor. */
    CUDA
  }

  /** Main memory. */
  public static final Device CPU = new Device(Type.CPU, 0);

  /** Checks the index. */
  public Device {
    if (index < 0 || index > 127 || (type == Type.CPU && index != 0)) {
      throw new IllegalArgumentException(
          "device index: expected 0 for the CPU or 0 to 127 for CUDA, got " + index);
    }
  }

  /** The graphics processor with this index. */
  public static Device cuda(int index) {
    return new Device(Type.CUDA, index);
  }

  @Override
  public String toString() {
    return type == Type.CPU ? "cpu" : "cuda:" + index;
  }
}
