package dev.heed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** What users get by depending on an artifact. */
@Tag("unit")
class PublishedPomsTest {
  private static final Path ROOT = Path.of("..");

  /** A module's dependencies of its own, those of profiles left out. */
  private record Dependency(String group, String artifact, String classifier, String scope) {
    /** Whether who depends on the artifact gets it too. */
    boolean reachesUsers() {
      return !scope.equals("test") && !scope.equals("provided");
    }
  }

  private static Element project(Path pom) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(pom.toFile())
        .getDocumentElement();
  }

  private static List<Element> children(Element element, String name) {
    List<Element> found = new ArrayList<>();
    NodeList all = element.getChildNodes();
    for (int i = 0; i < all.getLength(); i++) {
      Node node = all.item(i);
      if (node instanceof Element child && child.getTagName().equals(name)) {
        found.add(child);
      }
    }
    return found;
  }

  private static String text(Element element, String name) {
    return children(element, name).stream()
        .map(child -> child.getTextContent().strip())
        .findFirst()
        .orElse("");
  }

  private static List<Dependency> dependencies(Element project) {
    return children(project, "dependencies").stream()
        .flatMap(list -> children(list, "dependency").stream())
        .map(one ->
            new Dependency(
                text(one, "groupId"),
                text(one, "artifactId"),
                text(one, "classifier"),
                text(one, "scope")))
        .toList();
  }

  private static List<Path> modules() throws Exception {
    Element project = project(ROOT.resolve("pom.xml"));
    return children(children(project, "modules").getFirst(), "module").stream()
        .map(module -> ROOT.resolve(module.getTextContent()).resolve("pom.xml"))
        .toList();
  }

  private static String property(Element project, String name) {
    return children(project, "properties").stream()
        .map(properties -> text(properties, name))
        .findFirst()
        .orElse("");
  }

  /** Those that are no tool of the project's own. */
  private static List<Path> published() throws Exception {
    List<Path> published = new ArrayList<>();
    for (Path pom : modules()) {
      if (!property(project(pom), "maven.deploy.skip").equals("true")) {
        published.add(pom);
      }
    }
    return published;
  }

  @Test
  void no_artifact_but_libtorchs_brings_a_native_library() throws Exception {
    for (Path pom : published()) {
      assertThat(dependencies(project(pom)))
          .as("%s", pom)
          .filteredOn(Dependency::reachesUsers)
          .noneMatch(one -> one.group().equals("org.bytedeco"))
          .noneMatch(one -> one.artifact().startsWith("heed-libtorch"));
    }
    assertThat(dependencies(project(ROOT.resolve("pom.xml"))))
        .filteredOn(one -> one.artifact().startsWith("heed-libtorch"))
        .hasSize(1)
        .noneMatch(Dependency::reachesUsers);
  }

  @Test
  void libtorch_comes_by_constants_and_for_each_platform() throws Exception {
    Path folder = ROOT.resolve("libtorch");
    Element parent = project(folder.resolve("pom.xml"));
    List<String> platforms =
        children(children(parent, "modules").getFirst(), "module").stream()
            .map(Element::getTextContent)
            .filter(name -> !name.equals("all"))
            .toList();
    assertThat(platforms).hasSize(4);
    for (String platform : platforms) {
      Element project = project(folder.resolve(platform).resolve("pom.xml"));
      assertThat(children(project, "profiles")).isEmpty();
      assertThat(dependencies(project))
          .extracting(Dependency::classifier)
          .containsExactly("", platform, platform, platform);
    }
    assertThat(dependencies(project(folder.resolve("all/pom.xml"))))
        .extracting(Dependency::artifact)
        .containsExactlyElementsOf(
            platforms.stream().map(name -> "heed-libtorch-" + name).toList());
    String presets = text(children(parent, "properties").getFirst(), "pytorch.version");
    Element root = project(ROOT.resolve("pom.xml"));
    assertThat(text(children(root, "properties").getFirst(), "pytorch.version")).isEqualTo(presets);
  }

  @Test
  void poms_say_what_repositories_ask_for() throws Exception {
    List<Path> own =
        Stream.of("", "bom", "libtorch")
            .map(name -> ROOT.resolve(name).resolve("pom.xml"))
            .toList();
    for (Path pom : own) {
      for (String part : List.of("name", "description", "url", "licenses", "developers", "scm")) {
        assertThat(children(project(pom), part)).as("%s: %s", pom, part).isNotEmpty();
      }
      assertThat(Files.readString(pom)).as("%s is signed", pom).contains("maven-gpg-plugin");
    }
    List<String> names = new ArrayList<>();
    for (Path pom : published()) {
      Element project = project(pom);
      assertThat(children(project, "description")).as("%s", pom).isNotEmpty();
      if (!text(project, "packaging").equals("pom")) {
        names.add(property(project, "heed.module"));
      }
    }
    assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.startsWith("dev.heed."));
  }

  @Test
  void the_list_to_import_has_every_artifact() throws Exception {
    String list = Files.readString(ROOT.resolve("bom/pom.xml"));
    for (Path pom : published()) {
      String artifact = text(project(pom), "artifactId");
      if (!List.of("heed-bom", "heed-libtorch-parent").contains(artifact)) {
        assertThat(list).contains("<artifactId>" + artifact + "</artifactId>");
      }
    }
    assertThat(list).contains("<artifactId>heed-libtorch</artifactId>");
  }
}
