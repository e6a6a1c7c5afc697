package etesian.ingest.claim;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** The body of an answer up to a limit; what comes beyond ends it. */
final class BoundedBody implements HttpResponse.BodySubscriber<BoundedBody.Content> {
  /**
   * @param bytes up to the limit
   * @param received how many came until it was enough
   * @param isTooLong whether more came than the limit
   */
  record Content(byte[] bytes, long received, boolean isTooLong) {}

  private final int most;
  private final CompletableFuture<Content> content = new CompletableFuture<>();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private Flow.Subscription subscription;
  private long received;

  BoundedBody(int most) {
    this.most = most;
  }

  @Override
  public CompletionStage<Content> getBody() {
    return content;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      received += buffer.remaining();
      if (received > most) {
        subscription.cancel();
        complete();
        return;
      }
      byte[] chunk = new byte[buffer.remaining()];
      buffer.get(chunk);
      bytes.writeBytes(chunk);
    }
  }

  @Override
  public void onError(Throwable cause) {
    content.completeExceptionally(cause);
  }

  @Override
  public void onComplete() {
    complete();
  }

  private void complete() {
    content.complete(new Content(bytes.toByteArray(), received, received > most));
  }
}
