//! The title of a window: the topic, the connection, and the program.

use eframe::egui::{Context, ViewportCommand};

use crate::app::tab::Tab;
use crate::model::NodeId;
use crate::payload::visible_line;
use crate::ui::reader;
use crate::words::app as words;

/// How many characters of a topic the title shows. A task bar shows about forty, and the end of a topic says most.
const TOPIC_CHARS_MAX: usize = 60;
const NAME_CHARS_MAX: usize = 40;

/// The title of a window, which is built only when it changes.
#[derive(Debug, Default)]
pub struct Title {
    /// The tab and the node that it was built for; `None` before the first time.
    made_for: Option<(Option<u64>, Option<NodeId>)>,
}

impl Title {
    /// Sets the title of the window that is being drawn to match what it shows.
    pub fn update(&mut self, ctx: &Context, tab: Option<&Tab>) {
        let shown = (tab.map(|tab| tab.number), tab.and_then(|tab| tab.selected));
        if self.made_for != Some(shown) {
            self.made_for = Some(shown);
            let title = text(tab);
            reader::name_window(ctx, &title);
            ctx.send_viewport_cmd(ViewportCommand::Title(title));
        }
    }
}

/// The title for a tab, or for the connections page.
fn text(tab: Option<&Tab>) -> String {
    let Some(tab) = tab else { return words::NAME.to_owned() };
    let topic = tab.selected.map(|node| tab.session.model().lock().topic_bytes(node)).unwrap_or_default();
    let topic = from_end(&visible_line(&String::from_utf8_lossy(&topic)), TOPIC_CHARS_MAX);
    let name = from_start(&visible_line(&tab.name), NAME_CHARS_MAX);
    words::title(&topic, &name)
}

fn from_end(text: &str, chars_max: usize) -> String {
    match text.char_indices().rev().nth(chars_max) {
        None => text.to_owned(),
        Some((at, first_left_out)) => {
            format!("…{}", text.get(at + first_left_out.len_utf8()..).unwrap_or_default())
        }
    }
}

fn from_start(text: &str, chars_max: usize) -> String {
    match text.char_indices().nth(chars_max) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_long_is_shortened_on_a_character() {
        assert_eq!(from_end("温度/室", 4), "温度/室");
        assert_eq!(from_end("温度/室", 2), "…/室");
        assert_eq!(from_start("工厂一号", 2), "工厂…");
    }
}
