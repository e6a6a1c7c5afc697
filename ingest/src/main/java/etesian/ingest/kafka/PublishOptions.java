package etesian.ingest.kafka;

import etesian.ingest.field.Check;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How files are published.
 *
 * @param dataset the granule topic for all files; when empty, chosen by each file's variables:
 *     {@code sst} goes to {@code sst}, all else to {@code era5}
 * @param form what a file is sent as
 * @param pace how fast, and in which order
 * @param ledger where acknowledged contents are noted, so that a second call goes on where the
 *     first ended; when empty, everything is sent
 */
public record PublishOptions(
    Optional<String> dataset, Form form, Pace pace, Optional<Path> ledger) {

  /** Every file, by its variables, as it is, as fast as possible. */
  public static PublishOptions everything() {
    return new PublishOptions(Optional.empty(), Form.WHOLE, Pace.UNLIMITED, Optional.empty());
  }

  public PublishOptions to(String otherDataset) {
    return new PublishOptions(Optional.of(otherDataset), form, pace, ledger);
  }

  public PublishOptions as(Form otherForm) {
    return new PublishOptions(dataset, otherForm, pace, ledger);
  }

  public PublishOptions at(Pace otherPace) {
    return new PublishOptions(dataset, form, otherPace, ledger);
  }

  public PublishOptions keeping(Path otherLedger) {
    Check.that(!otherLedger.toString().isEmpty(), "a ledger needs a name");
    return new PublishOptions(dataset, form, pace, Optional.of(otherLedger));
  }
}
