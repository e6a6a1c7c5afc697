package etesian.ingest.supply;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file from the web: {@code NAME.part} grows, over several tries and several runs where the
 * server gives ranges, is checked, and becomes {@code NAME}.
 *
 * <p>A rest is asked for with {@code Range} and {@code If-Range} (RFC 9110, 14.2 and 13.1.5), so
 * that a file that changed on the server in between begins anew instead of becoming half of each.
 */
final class Download {
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+|\\*)");

  /**
   * What is known of a file before it comes.
   *
   * @param length in bytes, −1 unknown
   * @param checksum see {@link Md5}; empty for none
   */
  record Expected(long length, String checksum) {
    static final Expected ANYTHING = new Expected(-1, "");
  }

  private final Web web;
  private final FetchListener listener;
  private final URI source;
  private final Path target;
  private final Path part;
  private final Expected expected;
  private boolean contradictedBefore;
  private long furthest;

  Download(Web web, FetchListener listener, URI source, Path target, Expected expected) {
    this.web = web;
    this.listener = listener;
    this.source = source;
    this.target = target;
    this.part = target.resolveSibling(target.getFileName() + ".part");
    this.expected = expected;
  }

  /**
   * @return the bytes of the new file; empty when the one that is here is the server's
   */
  Optional<Long> run() throws IOException, InterruptedException {
    Files.createDirectories(target.toAbsolutePath().getParent());
    Optional<Stamp> complete = Optional.empty();
    try {
      complete = receive();
    } finally {
      if (complete.isEmpty() && Files.exists(part) && Files.size(part) == 0) {
        Files.delete(part); // nothing that could go on
      }
    }
    if (complete.isEmpty()) {
      return Optional.empty();
    }
    // The stamp last: a file without one is fetched again, a stamp without its file is ignored.
    Files.deleteIfExists(Stamp.beside(target));
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    complete.get().write(target);
    Files.deleteIfExists(Stamp.beside(part));
    return Optional.of(complete.get().length());
  }

  private Optional<Stamp> receive() throws IOException, InterruptedException {
    try (FileChannel out =
            FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = lock(out)) {
      if (lock == null) {
        throw new SupplyException(part + " is being written by another fetch; let it end first");
      }
      Optional<Stamp> complete = web.persist(() -> attempt(out));
      if (complete.isEmpty()) {
        discard(out);
      }
      return complete;
    }
  }

  private static FileLock lock(FileChannel out) throws IOException {
    try {
      return out.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // by another thread of this process
    }
  }

  /** One try; empty when the file that is here is the server's. */
  private Optional<Stamp> attempt(FileChannel out) throws IOException, InterruptedException {
    Optional<Stamp> held = held();
    Optional<Stamp> begun = begun(out);
    if (begun.isPresent() && out.size() == begun.get().length()) {
      check(out, begun.get());
      return begun; // an earlier run ended between the last byte and the renaming
    }
    HttpResponse<InputStream> response = web.open(request(held, begun, out.size()));
    try (InputStream body = web.body(response)) {
      HttpHeaders headers = response.headers();
      if (response.statusCode() == 304 && held.isPresent()) {
        return Optional.empty();
      }
      if (response.statusCode() == 416) {
        discard(out);
        throw TransientFailure.of(source + " does not give the rest; it begins anew");
      }
      boolean goesOn = response.statusCode() == 206 && begun.isPresent();
      if (response.statusCode() != 200 && !goesOn) {
        throw new SupplyException(source + " answered " + response.statusCode());
      }
      if (Web.isPage(headers)) {
        throw new SupplyException(
            source + " is a page (" + Web.mediaType(headers) + "), not a file of data");
      }
      Stamp stamp =
          goesOn
              ? rest(headers, begun.get(), out)
              : Stamp.of(source, headers, headers.firstValueAsLong("Content-Length").orElse(-1));
      if (!goesOn) {
        if (held.filter(stamp::sameContent).isPresent()) {
          return Optional.empty(); // the server does not look at conditions
        }
        discard(out);
        stamp.write(part);
      }
      copy(body, out, length(stamp));
      check(out, stamp);
      return Optional.of(new Stamp(stamp.url(), stamp.etag(), stamp.lastModified(), out.size()));
    }
  }

  /** The stamp of the file that is here, when it is whole and from the same place. */
  private Optional<Stamp> held() throws IOException {
    if (!Files.isRegularFile(target)) {
      return Optional.empty();
    }
    long size = Files.size(target);
    return Stamp.read(target)
        .filter(stamp -> stamp.url().equals(source.toString()) && stamp.length() == size);
  }

  /** The stamp of a part that can go on; else there is no part afterwards. */
  private Optional<Stamp> begun(FileChannel out) throws IOException {
    long size = out.size();
    Optional<Stamp> stamp =
        Stamp.read(part)
            .filter(
                known ->
                    size > 0
                        && known.url().equals(source.toString())
                        && (known.length() < 0 || size <= known.length()));
    if (stamp.isEmpty()) {
      discard(out);
    }
    return stamp;
  }

  private HttpRequest request(Optional<Stamp> held, Optional<Stamp> begun, long size) {
    HttpRequest.Builder request = web.request(source);
    held.ifPresent(
        stamp -> {
          if (!stamp.etag().isEmpty()) {
            request.header("If-None-Match", stamp.etag());
          } else if (!stamp.lastModified().isEmpty()) {
            request.header("If-Modified-Since", stamp.lastModified());
          }
        });
    begun
        .flatMap(Stamp::forRest)
        .ifPresent(
            validator ->
                request.header("Range", "bytes=" + size + "-").header("If-Range", validator));
    return request.build();
  }

  /** The part goes on where it ended, of the same file: checked, not believed. */
  private Stamp rest(HttpHeaders headers, Stamp begun, FileChannel out) throws IOException {
    Matcher range = CONTENT_RANGE.matcher(headers.firstValue("Content-Range").orElse(""));
    Stamp now = Stamp.of(source, headers, begun.length());
    boolean fits =
        range.matches()
            && Long.parseLong(range.group(1)) == out.size()
            && (begun.length() < 0 || range.group(2).equals(Long.toString(begun.length())))
            && (now.etag().isEmpty() || now.etag().equals(begun.etag()));
    if (!fits) {
      discard(out);
      throw TransientFailure.of(source + " gives another rest than was asked for; it begins anew");
    }
    return begun;
  }

  private long length(Stamp stamp) throws SupplyException {
    if (expected.length() >= 0 && stamp.length() >= 0 && expected.length() != stamp.length()) {
      throw new SupplyException(
          "%s has %d bytes, announced were %d; it is not the file that was asked for"
              .formatted(source, stamp.length(), expected.length()));
    }
    return Math.max(expected.length(), stamp.length());
  }

  private void copy(InputStream body, FileChannel out, long length) throws IOException {
    String name = target.getFileName().toString();
    byte[] buffer = new byte[1 << 17];
    out.position(out.size());
    while (true) {
      int count;
      try {
        count = body.read(buffer);
      } catch (IOException e) {
        String message =
            "%s broke off after %d bytes: %s".formatted(source, out.size(), Web.describe(e));
        if (out.size() > furthest) {
          furthest = out.size();
          throw TransientFailure.afterProgress(message, e);
        }
        throw TransientFailure.of(message, e);
      }
      if (count < 0) {
        break;
      }
      for (ByteBuffer rest = ByteBuffer.wrap(buffer, 0, count); rest.hasRemaining(); ) {
        out.write(rest);
      }
      listener.progress(name, out.size(), length);
    }
    if (length >= 0 && out.size() != length) {
      long size = out.size();
      if (size > length) {
        discard(out);
      }
      throw TransientFailure.of(
          "%s ended after %d bytes, announced were %d".formatted(source, size, length));
    }
  }

  /** A first contradiction may be an accident of the way; a second one is not. */
  private void check(FileChannel out, Stamp stamp) throws IOException {
    if (!Md5.contradicts(part, expected.checksum(), stamp.etag())) {
      return;
    }
    discard(out);
    String message =
        "%s: the MD5 of what came is not the announced %s".formatted(source, expected.checksum());
    if (contradictedBefore) {
      throw new SupplyException(message + ", twice; nothing is kept");
    }
    contradictedBefore = true;
    throw TransientFailure.of(message);
  }

  private void discard(FileChannel out) throws IOException {
    out.truncate(0);
    Files.deleteIfExists(Stamp.beside(part));
  }
}
