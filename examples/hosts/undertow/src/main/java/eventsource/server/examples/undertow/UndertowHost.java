package eventsource.server.examples.undertow;

import eventsource.server.examples.Host;
import eventsource.server.examples.Site;
import eventsource.server.examples.servlet.SiteServlet;
import io.undertow.Undertow;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import java.io.IOException;

/** Undertow, embedded. */
public final class UndertowHost implements Host {

    @Override
    public String name() {
        return "undertow";
    }

    @Override
    public Runnable serve(Site site, int port) throws IOException {
        var servlet = new SiteServlet(site);
        var deployed = Servlets.defaultContainer()
                .addDeployment(Servlets.deployment()
                        .setClassLoader(UndertowHost.class.getClassLoader())
                        .setContextPath("/")
                        .setDeploymentName("site")
                        .addServlet(Servlets.servlet("site", SiteServlet.class, new ImmediateInstanceFactory<>(servlet))
                                .setAsyncSupported(true)
                                .addMapping("/*")));
        deployed.deploy();
        var undertow = new Undertow[1];
        SiteServlet.start(port, () -> {
            undertow[0] = Undertow.builder()
                    .addHttpListener(port, "127.0.0.1")
                    .setHandler(deployed.start())
                    .build();
            undertow[0].start();
        });
        return undertow[0]::stop;
    }
}
