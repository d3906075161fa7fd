package dev.heed.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every recording has exactly one case or stands in {@link PendingCases}, and none is invented. */
@Tag("unit")
class ReferenceCoverageTest {

  @Test
  void cases_and_pending_names_are_the_recordings() throws ReflectiveOperationException {
    List<String> registered = registered();
    Set<String> covered = new TreeSet<>(registered);
    assertThat(registered).as("cases registered twice").hasSameSizeAs(covered);
    assertThat(PendingCases.NAMES)
        .as("cases that are still called pending")
        .doesNotContainAnyElementsOf(covered);
    covered.addAll(PendingCases.NAMES);
    assertThat(covered).containsExactlyElementsOf(GoldenFolder.names());
  }

  private static List<String> registered() throws ReflectiveOperationException {
    List<String> names = new ArrayList<>();
    for (JavaClass type : new ClassFileImporter().importPackages("dev.heed")) {
      if (type.isAssignableTo(MechanismReference.class)
          && !type.getModifiers().contains(JavaModifier.ABSTRACT)) {
        Constructor<?> constructor = type.reflect().getDeclaredConstructor();
        constructor.setAccessible(true);
        MechanismReference theme = (MechanismReference) constructor.newInstance();
        theme.cases().forEach(reference -> names.add(reference.name()));
      }
    }
    assertThat(names).as("registered cases").isNotEmpty();
    return names;
  }
}
