package dev.heed.site;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** A class of tests as its text says it: which of its methods run when its tests run. */
final class TestSource {
  private static final Set<String> RUN_BY_JUNIT =
      Set.of(
          "Test",
          "ParameterizedTest",
          "RepeatedTest",
          "TestFactory",
          "BeforeAll",
          "BeforeEach",
          "AfterEach",
          "AfterAll");

  /** A method: its text, whether JUnit calls it, and the names that it calls. */
  private record Method(String text, boolean byJunit, Set<String> calls) {}

  private final Map<String, Method> methods = new LinkedHashMap<>();

  private TestSource() {}

  /**
   * The texts of all methods of a file that run.
   *
   * <p>Those are the ones that JUnit calls, and those of the same file that these call, by name.
   */
  static List<String> running(Path file) throws IOException {
    TestSource source = new TestSource();
    source.read(file);
    return source.running();
  }

  private List<String> running() {
    Map<String, Method> found = new LinkedHashMap<>();
    Deque<String> next = new ArrayDeque<>();
    methods.forEach((name, method) -> {
      if (method.byJunit()) {
        next.add(name);
      }
    });
    while (!next.isEmpty()) {
      String name = next.remove();
      Method method = methods.get(name);
      if (method != null && found.putIfAbsent(name, method) == null) {
        next.addAll(method.calls());
      }
    }
    return found.values().stream().map(Method::text).toList();
  }

  private void read(Path file) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, List.of("-proc:none"), null, files.getJavaFileObjects(file));
      String text = Files.readString(file);
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        new Reader(unit, positions, text).scan(unit, null);
      }
    }
  }

  private static boolean has(ModifiersTree modifiers, Collection<String> names) {
    return modifiers.getAnnotations().stream()
        .map(AnnotationTree::getAnnotationType)
        .map(Tree::toString)
        .anyMatch(names::contains);
  }

  /** Collects methods; a name that is there twice is one method of both texts. */
  private final class Reader extends TreeScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final String text;

    Reader(CompilationUnitTree unit, SourcePositions positions, String text) {
      this.unit = unit;
      this.positions = positions;
      this.text = text;
    }

    @Override
    public Void visitClass(ClassTree type, Void none) {
      return has(type.getModifiers(), Set.of("Disabled")) ? null : super.visitClass(type, null);
    }

    @Override
    public Void visitMethod(MethodTree method, Void none) {
      Set<String> calls = new HashSet<>();
      new TreeScanner<Void, Void>() {
        @Override
        public Void visitMethodInvocation(MethodInvocationTree call, Void nothing) {
          calls.add(lastName(call.getMethodSelect().toString()));
          return super.visitMethodInvocation(call, null);
        }

        @Override
        public Void visitMemberReference(MemberReferenceTree call, Void nothing) {
          calls.add(call.getName().toString());
          return super.visitMemberReference(call, null);
        }
      }.scan(method.getBody(), null);
      ModifiersTree modifiers = method.getModifiers();
      boolean byJunit = has(modifiers, RUN_BY_JUNIT) && !has(modifiers, Set.of("Disabled"));
      String own =
          text.substring(
              (int) positions.getStartPosition(unit, method),
              (int) positions.getEndPosition(unit, method));
      methods.merge(
          method.getName().toString(), new Method(own, byJunit, calls), TestSource::together);
      return super.visitMethod(method, null);
    }
  }

  private static Method together(Method one, Method other) {
    Set<String> calls = new HashSet<>(one.calls());
    calls.addAll(other.calls());
    return new Method(one.text() + other.text(), one.byJunit() || other.byJunit(), calls);
  }

  private static String lastName(String select) {
    return select.substring(select.lastIndexOf('.') + 1);
  }
}
