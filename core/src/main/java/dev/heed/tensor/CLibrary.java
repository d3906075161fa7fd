package dev.heed.tensor;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/** Functions of the C library that is loaded anyway. */
final class CLibrary {
  private CLibrary() {}

  /** A function's address; null where the library has none of this name. */
  static @Nullable MemorySegment address(String name) {
    return Linker.nativeLinker().defaultLookup().find(name).orElse(null);
  }

  /** A function; null where the library has none of this name. */
  static @Nullable MethodHandle function(String name, FunctionDescriptor types) {
    MemorySegment address = address(name);
    return address == null ? null : Linker.nativeLinker().downcallHandle(address, types);
  }
}
