package eventsource.server.servlet;

import eventsource.server.testkit.RunningTransport;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.encoding.EncodingHandler;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.function.IntSupplier;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.AbstractProtocol;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.gzip.GzipHandler;
import org.jspecify.annotations.Nullable;

/** The servlet containers that the servlet is tested in, on free ports of 127.0.0.1. */
enum Containers {
    TOMCAT {
        @Override
        Running start(Servlet servlet, Options options) throws Exception {
            Path base = Files.createTempDirectory("tomcat");
            Tomcat tomcat = new Tomcat();
            tomcat.setBaseDir(base.toString());
            tomcat.setPort(0);
            Connector connector = tomcat.getConnector();
            connector.setProperty("address", LOOPBACK);
            connector.setProperty("maxThreads", "20"); // fewer than streams, by far
            // The system would take more of who takes nothing whenever it looks again whether he does.
            connector.setProperty("socket.txBufSize", "65536");
            // What it keeps for later connections would look as if it were left of earlier ones.
            connector.setProperty("processorCache", "20");
            connector.setProperty("socket.processorCache", "20");
            connector.setProperty("socket.bufferPool", "20");
            if (options.impatient) {
                connector.setProperty("connectionTimeout", "3000");
            }
            if (options.compressing) {
                connector.setProperty("compression", "force");
                connector.setProperty("compressibleMimeType", "text/event-stream");
            }
            Context context = tomcat.addContext("", base.toString());
            Wrapper wrapper = Tomcat.addServlet(context, "events", servlet);
            wrapper.setAsyncSupported(options.async);
            wrapper.addMapping("/*");
            tomcat.start();
            AbstractProtocol<?> protocol = (AbstractProtocol<?>) connector.getProtocolHandler();
            return new Running(
                    connector.getLocalPort(),
                    () -> Math.toIntExact(protocol.getConnectionCount()) - 1, // the one that it waits for
                    () -> {
                        tomcat.stop();
                        tomcat.destroy();
                        Files.walkFileTree(base, new Deletion());
                    });
        }
    },
    JETTY {
        @Override
        @SuppressWarnings({"deprecation", "removal"
        }) // what follows it is a module of its own, and no other thing to test
        Running start(Servlet servlet, Options options) throws Exception {
            Server server = new Server();
            ServerConnector connector = new ServerConnector(server);
            connector.setHost(LOOPBACK);
            server.addConnector(connector);
            ServletContextHandler context = new ServletContextHandler("/");
            ServletHolder holder = new ServletHolder(servlet);
            holder.setAsyncSupported(options.async);
            context.addServlet(holder, "/*");
            if (options.compressing) {
                GzipHandler gzip = new GzipHandler();
                gzip.setExcludedMimeTypes();
                gzip.setIncludedMimeTypes("text/event-stream");
                gzip.setHandler(context);
                server.setHandler(gzip);
            } else {
                server.setHandler(context);
            }
            server.start();
            return new Running(
                    connector.getLocalPort(),
                    () -> connector.getConnectedEndPoints().size(),
                    server::stop);
        }
    },
    UNDERTOW {
        @Override
        Running start(Servlet servlet, Options options) throws Exception {
            DeploymentInfo deployment = Servlets.deployment()
                    .setClassLoader(Containers.class.getClassLoader())
                    .setContextPath("/")
                    .setDeploymentName("events")
                    .addServlet(Servlets.servlet("events", servlet.getClass(), new ImmediateInstanceFactory<>(servlet))
                            .setAsyncSupported(options.async)
                            .addMapping("/*"));
            DeploymentManager deployed = Servlets.defaultContainer().addDeployment(deployment);
            deployed.deploy();
            HttpHandler handler = deployed.start();
            Undertow undertow = Undertow.builder()
                    .addHttpListener(0, LOOPBACK)
                    .setServerOption(UndertowOptions.ENABLE_STATISTICS, true)
                    .setHandler(
                            options.compressing
                                    ? new EncodingHandler.Builder()
                                            .build(Map.of())
                                            .wrap(handler)
                                    : handler)
                    .build();
            undertow.start();
            Undertow.ListenerInfo listener = undertow.getListenerInfo().get(0);
            return new Running(
                    ((InetSocketAddress) listener.getAddress()).getPort(),
                    () -> Math.toIntExact(listener.getConnectorStatistics().getActiveConnections()),
                    undertow::stop);
        }
    };

    private static final String LOOPBACK = "127.0.0.1";

    /** What may be wrong with a container; and whether it gives up soon where nothing else ends a connection. */
    record Options(boolean async, boolean compressing, boolean impatient) {}

    abstract Running start(Servlet servlet, Options options) throws Exception;

    final Running start(Servlet servlet) throws Exception {
        return start(servlet, new Options(true, false, false));
    }

    /** What ends a container. */
    interface End {
        void run() throws Exception;
    }

    /** A container that was started. */
    static final class Running implements RunningTransport {

        private final int port;
        private final IntSupplier connections;
        private final End end;

        Running(int port, IntSupplier connections, End end) {
            this.port = port;
            this.connections = connections;
            this.end = end;
        }

        @Override
        public int port() {
            return port;
        }

        /** How many connections it has not closed, as it says itself. */
        int connections() {
            return connections.getAsInt();
        }

        @Override
        public void close() {
            try {
                end.run();
            } catch (Exception failure) {
                throw new AssertionError("the container did not stop", failure);
            }
        }
    }

    /** Deletes a tree. */
    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
