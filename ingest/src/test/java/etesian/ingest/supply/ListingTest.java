package etesian.ingest.supply;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListingTest {
  private static final URI FOLDER = URI.create("https://host.example/data/sst/");

  @Test
  void theListingOfApacheGivesItsFiles() {
    Listing listing =
        list(
            """
            <html><head><title>Index of /data/sst</title></head><body><h1>Index of /data/sst</h1>
            <table><tr><th><a href="?C=N;O=D">Name</a></th><th><a href="?C=M;O=A">Last modified</a>
            </th></tr><tr><td><a href="/data/">Parent Directory</a></td></tr>
            <tr><td><a href="oisst-avhrr-v02r01.20240101.nc">oisst-avhrr..&gt;</a></td></tr>
            <tr><td><a href="oisst-avhrr-v02r01.20240102.nc">oisst-avhrr..&gt;</a></td></tr>
            <tr><td><a href="202402/">202402/</a></td></tr></table></body></html>""");
    assertThat(listing.files())
        .containsExactly(
            FOLDER.resolve("oisst-avhrr-v02r01.20240101.nc"),
            FOLDER.resolve("oisst-avhrr-v02r01.20240102.nc"));
    assertThat(listing.folders()).containsExactly(FOLDER.resolve("202402/"));
  }

  @Test
  void theListingOfNginxGivesItsFiles() {
    Listing listing =
        list(
            "<html><body><h1>Index of /</h1><hr><pre><a href=\"../\">../</a>\n"
                + "<a href=\"b%20c.nc\">b c.nc</a>  01-Jan-2024 00:00  1604832\n</pre></body></html>");
    assertThat(listing.files()).containsExactly(FOLDER.resolve("b%20c.nc"));
    assertThat(Listing.names(FOLDER, listing.files().get(0))).containsExactly("b c.nc");
    assertThat(listing.folders()).isEmpty();
  }

  @Test
  void absoluteLinksBelowTheFolderAreTaken() {
    Listing listing =
        list(
            "<a href='/data/sst/a.nc'>a</a><a href='https://host.example:443/data/sst/b.nc'>b</a>"
                + "<a href='./c.nc#top'>c</a><a href='a.nc'>again</a>");
    assertThat(listing.files())
        .extracting(file -> Listing.names(FOLDER, file))
        .containsExactly(List.of("a.nc"), List.of("b.nc"), List.of("c.nc"));
  }

  @Test
  void linksThatLeaveTheFolderAreNotFollowed() {
    Listing listing =
        list(
            "<a href='../a.nc'>parent</a><a href='/a.nc'>root</a><a href='x/../../a.nc'>up</a>"
                + "<a href='https://other.example/data/sst/a.nc'>other host</a>"
                + "<a href='http://host.example/data/sst/a.nc'>other scheme</a>"
                + "<a href='https://host.example:8443/data/sst/a.nc'>other port</a>"
                + "<a href='//other.example/data/sst/a.nc'>other host</a>"
                + "<a href='https://host.example@other.example/data/sst/a.nc'>other host</a>"
                + "<a href='mailto:a@host.example'>mail</a><a href='javascript:go()'>code</a>"
                + "<a href=''>itself</a><a>nothing</a><a href='?C=N'>order</a><a href='a.nc?x=1'>made</a>");
    assertThat(listing.files()).isEmpty();
    assertThat(listing.folders()).isEmpty();
  }

  @Test
  void namesThatWouldLeaveTheFolderHereAreNotTaken() {
    Listing listing =
        list(
            "<a href='%2e%2e%2fa.nc'>up</a><a href='..%2fa.nc'>up</a><a href='x%5c..%5ca.nc'>up</a>"
                + "<a href='%2fetc%2fa.nc'>root</a><a href='a%00.nc'>cut</a><a href='.hidden.nc'>."
                + "</a><a href='C:a.nc'>drive</a><a href='C%3Aa.nc'>drive</a>");
    assertThat(listing.files()).isEmpty();
  }

  @Test
  void aBaseOfThePageDoesNotLeadElsewhere() {
    Listing listing =
        list("<base href='https://other.example/data/sst/'><a href='a.nc'>not ours</a>");
    assertThat(listing.files()).isEmpty();
  }

  private static Listing list(String page) {
    return Listing.of(FOLDER, page);
  }
}
