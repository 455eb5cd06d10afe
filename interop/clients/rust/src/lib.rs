//! What the programs have in common: lines of JSON on standard output.

use std::io::{Read, stdin};
use std::thread;

use serde_json::{Value, json};

fn say(line: Value) {
    println!("{line}"); // at once, for standard output is flushed at the end of each line
}

pub fn open() {
    say(json!({"t": "open"}));
}

/// An event as the client tells it.
pub fn event(event_type: &str, data: &str, id: Option<&str>) {
    say(json!({"t": "event", "type": event_type, "data": data, "id": id}));
}

pub fn error(failure: impl std::error::Error) {
    // Some keep the cause to themselves.
    let mut message = failure.to_string();
    let mut cause = failure.source();
    while let Some(error) = cause {
        message = format!("{message}: {error}");
        cause = error.source();
    }
    say(json!({"t": "error", "message": message}));
}

/// Says that the client has given up, and waits for the end of the program.
pub fn closed() -> ! {
    say(json!({"t": "closed"}));
    loop {
        thread::park();
    }
}

/// The stream's. From now on the program ends when its standard input is closed.
pub fn url() -> String {
    thread::spawn(|| {
        let mut buffer = [0; 1024];
        while matches!(stdin().read(&mut buffer), Ok(1..)) {}
        std::process::exit(0);
    });
    std::env::args().next_back().expect("no URL was given")
}
