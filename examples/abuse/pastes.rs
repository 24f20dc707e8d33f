//! Large and odd texts pasted into every field of the window. No frame may take long, and no field may accept a value
//! that makes no sense.

use std::time::{Duration, Instant};

use eframe::egui::{Event, Key, Modifiers, accesskit::Role, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use mqttree::app::{App, Start};
use mqttree::store::Paths;

use crate::tally::Tally;

const FIELDS: [Role; 3] = [Role::TextInput, Role::MultilineTextInput, Role::PasswordInput];
/// Processor time allowed for a frame that handles a paste. Release builds stay far below the limit; debug builds do
/// not.
const FRAME_CPU_MAX: Duration = Duration::from_millis(if cfg!(debug_assertions) { 1_000 } else { 100 });

/// How long the demo may take to connect.
const CONNECT_MAX: Duration = Duration::from_secs(30);

/// Where fields are.
#[derive(Clone, Copy, Debug)]
enum Place {
    NewConnection,
    Settings,
    Palette,
    /// A tool of a session with the demo, by the key that opens it.
    Tool(Key),
}

const PLACES: [Place; 13] = [
    Place::NewConnection,
    Place::Settings,
    Place::Palette,
    Place::Tool(Key::Num1),
    Place::Tool(Key::Num2),
    Place::Tool(Key::Num3),
    Place::Tool(Key::Num4),
    Place::Tool(Key::Num5),
    Place::Tool(Key::Num6),
    Place::Tool(Key::Num7),
    Place::Tool(Key::Num8),
    Place::Tool(Key::Num9),
    Place::Tool(Key::M),
];

pub fn run(tally: &mut Tally) {
    let texts: [(&str, String); 6] = [
        ("10 MB on one line", "x".repeat(10 << 20)),
        ("1,000,000 lines", "y\n".repeat(1_000_000)),
        ("NUL and other control characters", "a\0b\u{1}c\u{7f}d\u{9b}e".to_owned()),
        ("characters that turn text around", "\u{202e}abc\u{2066}\u{200b}\u{feff}".to_owned()),
        ("one letter with 10,000 accents", format!("e{}", "\u{301}".repeat(10_000))),
        ("emoji joined without an end", "👩\u{200d}".repeat(20_000)),
    ];
    while tally.goes_on() {
        for place in PLACES {
            let mut window = Window::open(place);
            for field in 0..window.fields() {
                for (what, text) in &texts {
                    let name = format!("{what} into field {field} of {place:?}");
                    tally.attempt(&name, |_| window.paste(field, text));
                    if !tally.goes_on() {
                        return;
                    }
                }
            }
        }
    }
}

struct Window {
    harness: Harness<'static, App>,
    _folder: tempfile::TempDir,
}

impl Window {
    fn open(place: Place) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::under(folder.path());
        let mut harness = Harness::builder()
            .with_size(vec2(1_280.0, 2_000.0))
            .build_eframe(move |creation| App::new(&creation.egui_ctx, &paths, Start::default()).unwrap());
        harness.run_steps(3);
        match place {
            Place::NewConnection => harness.get_all_by_label("New connection").next().unwrap().click(),
            Place::Settings => harness.key_press_modifiers(Modifiers::COMMAND, Key::Comma),
            Place::Palette => harness.key_press_modifiers(Modifiers::COMMAND, Key::K),
            Place::Tool(key) => {
                harness.get_by_label("Open the demo").click();
                let asked = Instant::now();
                while harness.query_by_label("Connected to Demo").is_none() {
                    assert!(asked.elapsed() < CONNECT_MAX, "the demo does not connect");
                    harness.run_steps(1);
                    std::thread::sleep(Duration::from_millis(10));
                }
                harness.key_press_modifiers(Modifiers::COMMAND, key);
            }
        }
        harness.run_steps(3);
        Self { harness, _folder: folder }
    }

    fn nodes(&self) -> usize {
        self.harness.root().children_recursive().count()
    }

    fn fields(&self) -> usize {
        self.harness
            .root()
            .children_recursive()
            .filter(|node| FIELDS.contains(&node.accesskit_node().role()))
            .count()
    }

    fn paste(&mut self, field: usize, text: &str) -> Result<(), String> {
        let harness = &mut self.harness;
        let found = harness
            .root()
            .children_recursive()
            .filter(|node| FIELDS.contains(&node.accesskit_node().role()))
            .nth(field)
            .map(|node| node.focus());
        if found.is_none() {
            // A text that was pasted before has hidden what does not match it.
            return Ok(());
        }
        harness.run_steps(2);
        harness.event(Event::Paste(text.to_owned()));
        for _ in 0..3 {
            let before = thread_cpu();
            harness.step();
            let took = thread_cpu().saturating_sub(before);
            if took > FRAME_CPU_MAX {
                return Err(format!("a frame took {took:?}"));
            }
        }
        if self.nodes() < 10 {
            return Err("the accessibility tree is empty".to_owned());
        }
        Ok(())
    }
}

/// Processor time of this thread, or wall-clock time on systems that do not report it.
fn thread_cpu() -> Duration {
    #[cfg(unix)]
    {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
    }
    #[cfg(not(unix))]
    {
        static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
        START.get_or_init(std::time::Instant::now).elapsed()
    }
}
