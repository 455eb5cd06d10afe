//! LaunchDarkly's eventsource-client, which reconnects by itself.

use std::time::Duration;

use eventsource_client::{Client, ClientBuilder, SSE};
use futures::StreamExt;
use launchdarkly_sdk_transport::HyperTransport;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    // With the time-outs of its own introduction.
    let transport = HyperTransport::builder()
        .connect_timeout(Duration::from_secs(10))
        .read_timeout(Duration::from_secs(30))
        .build_http()
        .expect("a transport");
    let client = ClientBuilder::for_url(&interop_clients::url())
        .expect("a client")
        .build_with_transport(transport);
    let mut stream = client.stream();
    while let Some(event) = stream.next().await {
        match event {
            Ok(SSE::Connected(_)) => interop_clients::open(),
            Ok(SSE::Event(event)) => {
                interop_clients::event(&event.event_type, &event.data, event.id.as_deref());
            }
            Ok(SSE::Comment(_)) => {}
            Err(failure) => interop_clients::error(failure),
        }
    }
    interop_clients::closed();
}
