//! The real program in a real window, with its demo, as a person with a screen reader uses it.
//!
//! Everything goes through the accessibility bus, the pointer and the keyboard, under the names fixed in
//! `docs/architecture.md`. The desktop is private and virtual; see `scripts/in-window`.

mod desktop;

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use desktop::Window;

#[test]
fn a_topic_of_the_demo_is_read_and_a_published_value_is_seen() -> Result<()> {
    let mut window = Window::open("window", &["--demo"])?;
    window.wait("Connected to")?;
    window.at_least(100, "topics")?;

    window.fill("Search topics", "living-room/temperature")?;
    window.press("temperature", "row")?;
    window.read_until("Topic", "home/living-room/temperature")?;
    let payload = window.read_until("Payload", "")?;
    assert!(payload.trim().parse::<f64>().is_ok(), "the newest temperature is shown: {payload:?}");

    window.press("Publish", "tab")?;
    window.fill("Publish topic", "window-test/answer")?;
    window.fill("Publish payload", r#"{"answer": 42.50}"#)?;
    window.press("Publish", "button")?;

    window.fill("Search topics", "window-test/answer")?;
    window.press("answer", "row")?;
    window.read_until("Topic", "window-test/answer")?;
    let payload = window.read_until("Payload", "answer")?;
    assert!(payload.contains("42.50"), "the number is shown as it was sent: {payload}");
    Ok(())
}

#[test]
fn a_screen_reader_learns_places_states_names_and_values() -> Result<()> {
    let mut window = Window::open("screen-reader", &["--demo"])?;
    window.wait("Connected to")?;
    window.at_least(100, "topics")?;

    window.fill("Search topics", "living-room/temperature")?;
    window.press("temperature", "row")?;
    let row = window.facts("temperature", "row")?;
    assert_eq!(row["depth"], 2, "inside of home and living-room: {row}");
    assert_eq!(row["attributes"]["posinset"], "1", "{row}");
    assert_eq!(row["attributes"]["setsize"], "1", "{row}");
    assert!(row["states"].to_string().contains("selected"), "{row}");
    assert!(row["description"].as_str().is_some_and(|said| said.contains(" message")), "{row}");
    let state = window.facts("Expanded", "toggle")?;
    assert!(state["states"].to_string().contains("pressed"), "{state}");

    window.key("ctrl+comma")?;
    let dialog = window.facts("Settings", "dialog")?;
    assert!(dialog["states"].to_string().contains("modal"), "{dialog}");
    let language = window.facts("Language", "choice")?;
    assert!(language["description"].as_str().is_some_and(|chosen| !chosen.is_empty()), "{language}");
    window.key("Escape")?;

    window.press("Menu", "button")?;
    assert_eq!(window.facts("Quit", "entry")?["role"], "menu item");
    Ok(())
}

/// A DISCONNECT of MQTT 3.1.1 (3.14).
const DISCONNECT: [u8; 2] = [0xe0, 0];
/// The end of DISCONNECT that asks for the will: reason 4 and no properties (MQTT 5.0, 3.14.2).
const DISCONNECT_WITH_WILL: [u8; 2] = [4, 0];

#[test]
fn a_signal_that_ends_the_window_is_a_goodbye_to_the_broker() -> Result<()> {
    for name in ["TERM", "HUP"] {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let port = listener.local_addr()?.port().to_string();
        let broker = thread::Builder::new()
            .name("broker".to_owned())
            .spawn(move || last_bytes(&listener.accept()?.0))?;
        let mut window = Window::open("signal", &["-h", "127.0.0.1", "-p", &port, "-V", "311"])?;
        window.wait("Connected to")?;
        assert_eq!(window.signal(name)?, 0, "SIG{name}");
        let last = broker.join().map_err(|_| anyhow::anyhow!("the broker panicked"))??;
        assert_eq!(last, DISCONNECT, "SIG{name}");
    }
    Ok(())
}

#[test]
fn a_signal_that_ends_the_window_has_the_broker_publish_the_will() -> Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let port = listener.local_addr()?.port().to_string();
    let broker =
        thread::Builder::new().name("broker".to_owned()).spawn(move || last_bytes(&listener.accept()?.0))?;
    let mut window =
        Window::open("will", &["-h", "127.0.0.1", "-p", &port, "-V", "5", "--will-topic", "gone"])?;
    window.wait("Connected to")?;
    assert_eq!(window.signal("TERM")?, 0);
    let last = broker.join().map_err(|_| anyhow::anyhow!("the broker panicked"))??;
    assert_eq!(last, DISCONNECT_WITH_WILL);
    Ok(())
}

/// Accepts a client, lets it in, and gives the last two bytes that it sends.
fn last_bytes(mut client: &TcpStream) -> std::io::Result<[u8; 2]> {
    client.set_read_timeout(Some(Duration::from_mins(1)))?;
    let (mut last, mut buffer) = ([0; 2], [0; 4096]);
    loop {
        let count = client.read(&mut buffer)?;
        let read = &buffer[..count];
        match read {
            [] => return Ok(last),
            // CONNECT: CONNACK, accepted (MQTT 3.1.1 and 5.0, 3.2); the version follows the protocol's name.
            [0x10, _, 0, 4, _, _, _, _, 5, ..] => client.write_all(&[0x20, 3, 0, 0, 0])?,
            [0x10, ..] => client.write_all(&[0x20, 2, 0, 0])?,
            [.., first, second] => last = [*first, *second],
            [one] => last = [last[1], *one],
        }
    }
}

#[test]
fn a_window_is_named_after_what_it_shows_and_so_is_a_second_one() -> Result<()> {
    const TITLE: &str = "home/living-room/climate – Demo – mqttree";
    let mut window = Window::open("two-windows", &["--demo"])?;
    window.wait("Connected to")?;
    window.read_until("Topic", "home/living-room/climate")?;
    window.facts(TITLE, "window")?;
    assert_eq!(window.titles(1)?, [TITLE]);
    window.key("ctrl+shift+n")?;
    assert_eq!(window.titles(2)?, [TITLE, TITLE]);
    Ok(())
}

#[test]
fn what_fails_is_an_alert_on_the_accessibility_bus() -> Result<()> {
    // The port is free again once the listener is dropped.
    let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port().to_string();
    let mut window = Window::open("alert", &["-h", "127.0.0.1", "-p", &port])?;
    window.wait("refused")?;
    let alert = window.facts("", "alert")?;
    assert!(alert["role"].as_str().is_some_and(|role| role == "alert" || role == "notification"), "{alert}");
    Ok(())
}
