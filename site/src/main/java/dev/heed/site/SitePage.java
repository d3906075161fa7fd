package dev.heed.site;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.CustomNode;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** A page of the site. Its Markdown may hold no HTML: what looks like some is shown as text. */
final class SitePage {
  private static final List<Extension> EXTENSIONS =
      List.of(TablesExtension.create(), HeadingAnchorExtension.create());
  private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();

  private final String name;
  private final Node document;
  private final List<Section> sections;

  private SitePage(String name, Node document) {
    this.name = name;
    this.document = document;
    this.sections = sections(document);
  }

  /**
   * A heading and what stands under it.
   *
   * @param anchor of the heading; empty for the page's own
   * @param heading its text
   * @param text down to the next heading
   */
  record Section(String anchor, String heading, String text) {}

  /**
   * Reads a page.
   *
   * @param root the project's folder
   * @param name its path in it, with slashes
   */
  static SitePage read(Path root, String name) throws IOException {
    return new SitePage(name, PARSER.parse(Files.readString(root.resolve(name))));
  }

  private static List<Section> sections(Node document) {
    IdGenerator ids = IdGenerator.builder().build();
    List<Section> sections = new ArrayList<>();
    String anchor = "";
    String heading = "";
    StringBuilder text = new StringBuilder();
    for (Node node = document.getFirstChild(); node != null; node = node.getNext()) {
      if (node instanceof Heading) {
        if (!heading.isEmpty()) {
          sections.add(new Section(anchor, heading, text.toString().strip()));
        }
        heading = plain(node);
        anchor = ids.generateId(heading);
        text.setLength(0);
      } else {
        text.append(plain(node)).append('\n');
      }
    }
    sections.add(new Section(anchor, heading, text.toString().strip()));
    return List.copyOf(sections);
  }

  private static String plain(Node node) {
    StringBuilder text = new StringBuilder();
    node.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Text part) {
            text.append(part.getLiteral());
          }

          @Override
          public void visit(Code part) {
            text.append(part.getLiteral());
          }

          @Override
          public void visit(FencedCodeBlock block) {
            text.append(block.getLiteral());
          }

          @Override
          public void visit(IndentedCodeBlock block) {
            text.append(block.getLiteral());
          }

          @Override
          public void visit(SoftLineBreak line) {
            text.append(' ');
          }

          @Override
          public void visit(CustomNode part) {
            visitChildren(part);
            text.append(' '); // cells of a table
          }
        });
    return text.toString();
  }

  /** Its path in the project, with slashes. */
  String name() {
    return name;
  }

  /** Its path in the site; README pages are the index of their folder. */
  String target() {
    return target(name);
  }

  private static String target(String name) {
    String base = name.substring(0, name.length() - ".md".length());
    return base.equals("README") || base.endsWith("/README")
        ? base.substring(0, base.length() - "README".length()) + "index.html"
        : base + ".html";
  }

  /** The way from it to the site's root: empty or {@code ../} repeated. */
  String root() {
    return "../".repeat((int) name.chars().filter(c -> c == '/').count());
  }

  /** Its first heading. */
  String title() {
    return sections.getFirst().heading();
  }

  /** What can be searched. */
  List<Section> sections() {
    return sections;
  }

  private boolean has(String anchor) {
    return sections.stream().anyMatch(section -> section.anchor().equals(anchor));
  }

  /** The images that it shows and the files that it links, by their path in the project. */
  Set<String> files() {
    Set<String> files = new LinkedHashSet<>();
    document.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Image image) {
            files.add(resolve(image.getDestination()));
          }

          @Override
          public void visit(Link link) {
            String to = link.getDestination();
            if (!outside(to) && !to.startsWith("#") && !isPage(resolve(to))) {
              files.add(resolve(to));
            }
            visitChildren(link);
          }
        });
    return files;
  }

  /** The Markdown that it links, by its path in the project, whether it is there or not. */
  Set<String> linkedPages() {
    Set<String> linked = new LinkedHashSet<>();
    document.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Link link) {
            String to = link.getDestination();
            if (!outside(to) && !to.startsWith("#") && isPage(resolve(to))) {
              linked.add(resolve(to));
            }
            visitChildren(link);
          }
        });
    return linked;
  }

  private static boolean isPage(String path) {
    return path.endsWith(".md");
  }

  /** A path in the project that a link of this page names. */
  private String resolve(String link) {
    return URI.create(name).resolve(link).getPath();
  }

  private static boolean outside(String link) {
    return link.startsWith("https://") || link.startsWith("http://") || link.startsWith("mailto:");
  }

  /**
   * The links that lead nowhere.
   *
   * @param pages all of the site
   */
  List<String> brokenLinks(Path root, Map<String, SitePage> pages) {
    List<String> broken = new ArrayList<>();
    for (String file : files()) {
      if (!Files.isRegularFile(root.resolve(file))) {
        broken.add(name + ": " + file);
      }
    }
    document.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Link link) {
            URI to = URI.create(name).resolve(link.getDestination());
            SitePage page = pages.get(to.getPath());
            boolean known =
                page != null && (to.getFragment() == null || page.has(to.getFragment()));
            if (isPage(to.getPath()) && !outside(link.getDestination()) && !known) {
              broken.add(name + ": " + link.getDestination());
            }
            visitChildren(link);
          }
        });
    return broken;
  }

  /** Its body. */
  String html() {
    return HtmlRenderer.builder()
        .extensions(EXTENSIONS)
        .escapeHtml(true)
        .sanitizeUrls(true)
        .attributeProviderFactory(context ->
            (node, tag, attributes) -> {
              if (node instanceof Link link && !outside(link.getDestination())) {
                attributes.put("href", address(link.getDestination()));
              }
            })
        .build()
        .render(document);
  }

  private static String address(String link) {
    int hash = link.indexOf('#');
    String page = hash < 0 ? link : link.substring(0, hash);
    return (isPage(page) ? target(page) : page) + (hash < 0 ? "" : link.substring(hash));
  }
}
