package etesian.ingest.supply;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;

/**
 * What the page of a folder links to below itself: the listings of Apache, nginx and their like.
 * Links to the parent, to other hosts, to other orders of the same listing and names that would
 * leave the folder are no part of it.
 *
 * @param files with their addresses, in the order of the page, each once
 * @param folders likewise; addresses end in a slash
 */
record Listing(List<URI> files, List<URI> folders) {
  /**
   * @param folder where the page was found, ending in a slash
   */
  static Listing of(URI folder, String page) {
    Set<URI> files = new LinkedHashSet<>();
    Set<URI> folders = new LinkedHashSet<>();
    for (Element link : Jsoup.parse(page, folder.toString()).select("a[href]")) {
      below(folder, link.absUrl("href"))
          .ifPresent(uri -> (uri.getRawPath().endsWith("/") ? folders : files).add(uri));
    }
    return new Listing(List.copyOf(files), List.copyOf(folders));
  }

  private static Optional<URI> below(URI folder, String address) {
    URI uri;
    try {
      uri = URI.create(address.strip().replace(" ", "%20")).normalize();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    boolean below =
        uri.getRawPath() != null
            && uri.getRawQuery() == null
            && uri.getRawUserInfo() == null
            && uri.getHost() != null
            && !uri.getRawPath().equals(folder.getRawPath());
    if (!below) {
      return Optional.empty();
    }
    // The fragment is a place in a file, not another file.
    URI plain = URI.create(uri.toString().split("#", 2)[0]);
    return names(folder, plain).isEmpty() ? Optional.empty() : Optional.of(plain);
  }

  /**
   * The decoded names from the folder down to the file; none when it is not below or one of them is
   * no plain name.
   */
  static List<String> names(URI folder, URI file) {
    if (!Origin.same(folder, file) || !file.getRawPath().startsWith(folder.getRawPath())) {
      return List.of();
    }
    String rest = file.getRawPath().substring(folder.getRawPath().length());
    List<String> names = new ArrayList<>();
    for (String segment : rest.replaceFirst("/$", "").split("/", -1)) {
      String name = URI.create("x:/" + segment).getPath().substring(1);
      // An encoded slash or dots would name a file outside; a leading dot is for what we note.
      if (name.isEmpty() || name.startsWith(".") || name.matches("(?s).*[/\\\\:\\p{Cntrl}].*")) {
        return List.of();
      }
      names.add(name);
    }
    return names;
  }
}
