//! The filter chips of the stream: criteria that must all hold. Each can be turned around, off, or taken away.

use eframe::egui::containers::menu::{MenuButton, MenuConfig};
use eframe::egui::{Button, Color32, PopupCloseBehavior, RichText, Role, Ui, WidgetInfo, vec2};

use crate::message::QoS;
use crate::query::{Criterion, NotWanted, Wanted};
use crate::ui::tokens::tokens;
use crate::ui::widgets::context_menu::menu_entry;
use crate::ui::widgets::controls::arrow_atom;
use crate::ui::widgets::field;
use crate::ui::{icons, language, theme};
use crate::words::{Label, Language, stream as words};

/// The most criteria: each is asked for each message.
const CHIPS_MAX: usize = 12;
/// Width of the menu that adds a filter.
const WRITER_WIDTH: f32 = 380.0;

/// What kind of criterion is being written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum ChipKind {
    #[default]
    Text,
    Topic,
    Pattern,
    Condition,
    Qos,
    Retained,
    Size,
}

impl ChipKind {
    const ALL: [Self; 7] =
        [Self::Text, Self::Topic, Self::Pattern, Self::Condition, Self::Qos, Self::Retained, Self::Size];

    /// What is asked, if the text says it.
    fn wanted(self, text: &str) -> Result<Wanted, NotWanted> {
        let text = text.trim().to_owned();
        let wanted = match self {
            Self::Text => Wanted::Text(text),
            Self::Topic => Wanted::Topic(text),
            Self::Pattern => Wanted::Pattern(text),
            Self::Condition => Wanted::Condition(text),
            Self::Qos => match text.as_str() {
                "1" => Wanted::Qos(QoS::AtLeastOnce),
                "2" => Wanted::Qos(QoS::ExactlyOnce),
                _ => Wanted::Qos(QoS::AtMostOnce),
            },
            Self::Retained => Wanted::Retained,
            Self::Size => Wanted::Size(text.replace(',', "").parse().map_err(|_| NotWanted::Size)?),
        };
        wanted.check()?;
        Ok(wanted)
    }

    fn label(self) -> Label {
        match self {
            Self::Text => words::TEXT,
            Self::Topic => words::TOPIC_FILTER,
            Self::Pattern => words::PATTERN,
            Self::Condition => words::CONDITION,
            Self::Qos => words::QOS,
            Self::Retained => words::RETAIN_FLAG,
            Self::Size => words::SIZE,
        }
    }

    /// An example of its text.
    fn hint(self) -> Label {
        match self {
            Self::Text | Self::Qos | Self::Retained => words::TEXT_HINT,
            Self::Topic => words::TOPIC_HINT,
            Self::Pattern => words::PATTERN_HINT,
            Self::Condition => words::CONDITION_HINT,
            Self::Size => words::SIZE_HINT,
        }
    }

    fn needs_text(self) -> bool {
        !matches!(self, Self::Qos | Self::Retained)
    }
}

/// The chips, and the one that is being written.
#[derive(Debug, Default)]
pub(super) struct Chips {
    pub criteria: Vec<Criterion>,
    kind: ChipKind,
    text: String,
    is_excluding: bool,
    failed: Option<NotWanted>,
}

impl Chips {
    /// Draws the button that adds a chip, and the chips.
    pub fn show(&mut self, ui: &mut Ui) {
        self.adder(ui);
        let mut removed = None;
        for index in 0..self.criteria.len() {
            ui.push_id(("chip", index), |ui| {
                if self.chip(ui, index) {
                    removed = Some(index);
                }
            });
        }
        if let Some(index) = removed {
            self.criteria.remove(index);
        }
    }

    fn adder(&mut self, ui: &mut Ui) {
        let l = language(ui);
        let config = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
        let button = Button::new((words::ADD_FILTER.of(l), arrow_atom())).min_size(vec2(0.0, 24.0));
        ui.add_enabled_ui(self.criteria.len() < CHIPS_MAX, |ui| {
            let (response, _) = MenuButton::from_button(button).config(config).ui(ui, |ui| {
                ui.set_width(WRITER_WIDTH);
                if self.writer(ui) {
                    ui.close();
                }
            });
            response.on_hover_text(words::ADD_FILTER_HELP.of(l));
        });
    }

    /// Draws the fields of a new chip. Returns whether it was added.
    fn writer(&mut self, ui: &mut Ui) -> bool {
        let l = language(ui);
        // Not a list that drops down: a click into one would close this menu.
        ui.horizontal_wrapped(|ui| {
            ui.set_max_width(WRITER_WIDTH);
            for kind in ChipKind::ALL {
                if ui.selectable_value(&mut self.kind, kind, kind.label().of(l)).clicked() {
                    self.failed = None;
                }
            }
        });
        ui.separator();
        ui.horizontal(|ui| {
            for (is_excluding, label) in [(false, words::INCLUDE), (true, words::EXCLUDE)] {
                if ui.selectable_label(self.is_excluding == is_excluding, label.of(l)).clicked() {
                    self.is_excluding = is_excluding;
                }
            }
        });
        let mut is_asked = false;
        match self.kind {
            ChipKind::Qos => {
                ui.horizontal(|ui| {
                    for qos in ["0", "1", "2"] {
                        if ui.selectable_label(self.text == qos, qos).clicked() {
                            qos.clone_into(&mut self.text);
                        }
                    }
                });
            }
            kind if kind.needs_text() => {
                let hint = RichText::new(kind.hint().of(l)).color(tokens(ui).text_muted);
                let name = words::FILTER_TEXT.of(l);
                let edit = field::line(ui, name, field::FILTER_BYTES_MAX, &mut self.text, |edit| {
                    edit.hint_text(hint).desired_width(WRITER_WIDTH - 20.0)
                });
                is_asked = edit.lost_focus() && ui.input(|input| input.key_pressed(eframe::egui::Key::Enter));
            }
            _ => {}
        }
        if let Some(failed) = &self.failed {
            ui.label(RichText::new(words::not_wanted(failed, l)).color(tokens(ui).error));
        }
        is_asked |= ui.button(words::ADD.of(l)).clicked();
        is_asked && self.add()
    }

    fn add(&mut self) -> bool {
        match self.kind.wanted(&self.text) {
            Ok(wanted) => {
                self.criteria.push(Criterion { wanted, is_excluding: self.is_excluding, is_on: true });
                self.text.clear();
                self.failed = None;
                true
            }
            Err(failed) => {
                self.failed = Some(failed);
                false
            }
        }
    }

    /// Draws a chip with its menu. Returns whether it is to go.
    fn chip(&mut self, ui: &mut Ui, index: usize) -> bool {
        let (l, t) = (language(ui), tokens(ui));
        let Some(criterion) = self.criteria.get_mut(index) else { return false };
        let name = words::criterion(criterion, l);
        let color = match (criterion.is_on, criterion.is_excluding) {
            (false, _) => t.text_faint,
            (true, false) => t.text,
            (true, true) => t.warn,
        };
        let mut text = RichText::new(shortened(&name)).font(theme::small_font()).color(color);
        if !criterion.is_on {
            text = text.strikethrough();
        }
        let button = Button::new(text).small().min_size(vec2(0.0, 22.0)).fill(chip_fill(ui, criterion.is_on));
        let mut is_removed = false;
        let (response, _) = MenuButton::from_button(button).ui(ui, |ui| {
            entry(ui, Some(criterion.is_on), words::CHIP_ON.of(l), || criterion.is_on ^= true);
            let turned = if criterion.is_excluding { words::INCLUDE } else { words::EXCLUDE };
            entry(ui, None, turned.of(l), || criterion.is_excluding ^= true);
            entry(ui, None, words::REMOVE.of(l), || is_removed = true);
        });
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        response.on_hover_text(name.as_str());
        is_removed
    }
}

fn entry(ui: &mut Ui, checked: Option<bool>, label: &str, act: impl FnOnce()) {
    let mark = if checked == Some(true) { icons::CHECK_CIRCLE } else { "" };
    let text = if mark.is_empty() { RichText::new(label) } else { RichText::new(label).strong() };
    let response = ui.add(Button::new(text).frame_when_inactive(false));
    response.widget_info(|| menu_entry(true, checked, label));
    if response.clicked() {
        act();
        ui.close();
    }
}

fn chip_fill(ui: &Ui, is_on: bool) -> Color32 {
    let t = tokens(ui);
    if is_on { t.chosen } else { t.surface_2 }
}

/// A chip is short; the whole text is in its tooltip and its name.
fn shortened(text: &str) -> String {
    const CHARS_MAX: usize = 32;
    match text.char_indices().nth(CHARS_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}

/// The names of the criteria that are asked, for assistive technology.
pub(super) fn summary(criteria: &[Criterion], l: Language) -> String {
    let on = criteria.iter().filter(|criterion| criterion.is_on);
    on.map(|criterion| words::criterion(criterion, l)).collect::<Vec<_>>().join("; ")
}
