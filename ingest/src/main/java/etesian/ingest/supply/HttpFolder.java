package etesian.ingest.supply;

import etesian.ingest.field.Check;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A folder on the web whose page lists its files, brought here and kept up to date: a file comes
 * when it is new or the server has another than the one that is here (by entity tag, else by date
 * and length). Subfolders become subfolders.
 *
 * <p>The listing itself is asked for as {@code GET}, each file as a conditional {@code GET}: one
 * request a file, without a body where nothing changed.
 */
public final class HttpFolder {
  private final URI address;
  private final PathMatcher glob;
  private final String pattern;
  private final int depth;
  private final FetchListener listener;
  private final Web web;

  /**
   * @param address http or https, of the page that lists the files
   * @param glob that the name of a file must match, such as {@code *.nc}
   * @param depth of subfolders that are entered, 0 for none
   */
  public HttpFolder(
      URI address, String glob, int depth, Patience patience, FetchListener listener) {
    Check.that(
        ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
            && address.getHost() != null,
        "'%s' is no address of a folder; expected http(s)://host/folder/",
        address);
    Check.that(
        address.getUserInfo() == null,
        "the address of a folder holds a user or password; only folders open to all are read");
    Check.that(depth >= 0, "the depth of subfolders is 0 or more, got %d", depth);
    this.address = address;
    this.pattern = glob;
    this.glob = FileSystems.getDefault().getPathMatcher("glob:" + glob);
    this.depth = depth;
    this.listener = listener;
    this.web = new Web(patience, HttpClient.Redirect.NORMAL, listener);
  }

  /**
   * Brings what is missing or has changed. A file that is not to be had is told to the listener and
   * counted; the others are brought all the same.
   *
   * @throws SupplyException when there is no listing, or no file in it matches
   */
  public FetchSummary fetch(Path folder) throws IOException, InterruptedException {
    Map<Path, URI> files = files(folder);
    int fetched = 0;
    int unchanged = 0;
    int failed = 0;
    long bytes = 0;
    for (Map.Entry<Path, URI> file : files.entrySet()) {
      Path target = file.getKey();
      try {
        Optional<Long> got =
            new Download(web, listener, file.getValue(), target, Download.Expected.ANYTHING).run();
        if (got.isPresent()) {
          fetched++;
          bytes += got.get();
          listener.fetched(target, got.get());
        } else {
          unchanged++;
          listener.unchanged(target);
        }
      } catch (SupplyException e) {
        failed++;
        listener.failed(folder.relativize(target).toString(), e.getMessage());
      }
    }
    return new FetchSummary(fetched, unchanged, failed, bytes);
  }

  /** Where each file is to lie, in the order of the listings, the nearest first. */
  private Map<Path, URI> files(Path folder) throws IOException, InterruptedException {
    Map<Path, URI> found = new LinkedHashMap<>();
    Page top = page(address);
    Deque<Page> pages = new ArrayDeque<>(List.of(top));
    Set<URI> seen = new HashSet<>(Set.of(top.where()));
    while (!pages.isEmpty()) {
      Listing listing = pages.remove().listing();
      for (URI file : listing.files()) {
        List<String> names = Listing.names(top.where(), file);
        if (!names.isEmpty()
            && names.size() <= depth + 1
            && glob.matches(Path.of(names.get(names.size() - 1)))) {
          found.putIfAbsent(folder.resolve(String.join("/", names)), file);
        }
      }
      for (URI below : listing.folders()) {
        int level = Listing.names(top.where(), below).size();
        if (level > 0 && level <= depth && seen.add(below)) {
          pages.add(page(below));
        }
      }
    }
    if (found.isEmpty()) {
      throw new SupplyException(
          "%s lists no file that matches '%s', down to %d levels of subfolders"
              .formatted(top.where(), pattern, depth));
    }
    return found;
  }

  private Page page(URI uri) throws IOException, InterruptedException {
    Web.Answer answer = web.call(web.request(uri).GET().build());
    if (answer.status() != 200) {
      throw new SupplyException(uri + " answered " + answer.status());
    }
    // A folder without its slash is redirected: what counts is where the page was found.
    URI where = answer.uri();
    if (!Web.isPage(answer.headers()) || !where.getPath().endsWith("/")) {
      throw new SupplyException(
          "%s is not the listing of a folder (%s); give the folder's address, with a slash at its end"
              .formatted(where, Web.mediaType(answer.headers())));
    }
    return new Page(where, Listing.of(where, answer.text()));
  }

  private record Page(URI where, Listing listing) {}
}
