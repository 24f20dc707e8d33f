//! The real program in a real window, once: on its demo, as a person meets it who uses a screen reader.
//!
//! Everything goes through the accessibility bus, the pointer and the keyboard, under the names that
//! `docs/architecture.md` fixes. The desktop is private and virtual: see `scripts/in-window`.

mod desktop;

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
