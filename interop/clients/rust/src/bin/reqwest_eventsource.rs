//! reqwest-eventsource, which reconnects by itself.

use futures::StreamExt;
use reqwest_eventsource::{Event, EventSource};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut source = EventSource::get(interop_clients::url());
    while let Some(event) = source.next().await {
        match event {
            Ok(Event::Open) => interop_clients::open(),
            Ok(Event::Message(message)) => {
                interop_clients::event(&message.event, &message.data, Some(&message.id));
            }
            Err(failure) => interop_clients::error(failure),
        }
    }
    interop_clients::closed();
}
