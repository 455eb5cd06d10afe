package eventsource.server.examples.tomcat;

import eventsource.server.examples.Host;
import eventsource.server.examples.Site;
import eventsource.server.examples.servlet.SiteServlet;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;

/** Tomcat, embedded. */
public final class TomcatHost implements Host {

    @Override
    public String name() {
        return "tomcat";
    }

    @Override
    public Runnable serve(Site site, int port) throws IOException {
        var base = Files.createTempDirectory("tomcat");
        var tomcat = new Tomcat();
        tomcat.setBaseDir(base.toString());
        tomcat.setPort(port);
        var connector = tomcat.getConnector();
        connector.setProperty("address", "127.0.0.1");
        connector.setThrowOnFailure(true);
        var context = tomcat.addContext("", base.toString());
        var servlet = Tomcat.addServlet(context, "site", new SiteServlet(site));
        servlet.setAsyncSupported(true);
        servlet.addMapping("/*");
        SiteServlet.start(port, tomcat::start);
        return () -> {
            try {
                tomcat.stop();
            } catch (LifecycleException failure) {
                throw new IllegalStateException("Tomcat did not stop", failure);
            }
        };
    }
}
