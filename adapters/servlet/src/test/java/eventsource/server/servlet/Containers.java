package eventsource.server.servlet;

import eventsource.server.testkit.RunningTransport;
import io.undertow.Undertow;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.Servlet;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Servlet containers on free ports of 127.0.0.1, with the options that they have by default. */
final class Containers {

    private static final String LOOPBACK = "127.0.0.1";

    private Containers() {}

    static RunningTransport tomcat(Servlet servlet) throws Exception {
        return tomcat(servlet, connector -> {});
    }

    static RunningTransport tomcat(Servlet servlet, Consumer<Connector> options) throws Exception {
        Path base = Files.createTempDirectory("tomcat");
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(base.toString());
        tomcat.setPort(0);
        tomcat.getConnector().setProperty("address", LOOPBACK);
        options.accept(tomcat.getConnector());
        Context context = tomcat.addContext("", base.toString());
        Wrapper wrapper = Tomcat.addServlet(context, "events", servlet);
        wrapper.setAsyncSupported(true);
        wrapper.addMapping("/*");
        tomcat.start();
        return running(tomcat.getConnector().getLocalPort(), () -> {
            tomcat.stop();
            tomcat.destroy();
        });
    }

    static RunningTransport jetty(Servlet servlet) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost(LOOPBACK);
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        ServletHolder holder = new ServletHolder(servlet);
        holder.setAsyncSupported(true);
        context.addServlet(holder, "/*");
        server.setHandler(context);
        server.start();
        return running(connector.getLocalPort(), server::stop);
    }

    static RunningTransport undertow(Servlet servlet) throws Exception {
        DeploymentInfo deployment = Servlets.deployment()
                .setClassLoader(Containers.class.getClassLoader())
                .setContextPath("/")
                .setDeploymentName("events")
                .addServlet(Servlets.servlet("events", servlet.getClass(), new ImmediateInstanceFactory<>(servlet))
                        .setAsyncSupported(true)
                        .addMapping("/*"));
        DeploymentManager deployed = Servlets.defaultContainer().addDeployment(deployment);
        deployed.deploy();
        Undertow undertow = Undertow.builder()
                .addHttpListener(0, LOOPBACK)
                .setHandler(deployed.start())
                .build();
        undertow.start();
        InetSocketAddress address =
                (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
        return running(address.getPort(), undertow::stop);
    }

    /** What ends a container. */
    interface End {
        void run() throws Exception;
    }

    private static RunningTransport running(int port, End end) {
        return new RunningTransport() {
            @Override
            public int port() {
                return port;
            }

            @Override
            public void close() {
                try {
                    end.run();
                } catch (Exception failure) {
                    throw new AssertionError("the container did not stop", failure);
                }
            }
        };
    }
}
