//! The drafts as tabs. There is always one.

use std::borrow::Cow;
use std::path::Path;

use eframe::egui::{
    self, Align, Button, Layout, PointerButton, Popup, Pos2, Rect, RichText, Role, Sense, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};

use crate::panels::publish::draft::Draft;
use crate::payload::visible_line;
use crate::store::drafts::{KeptDraft, KeptDrafts};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::context_menu;
use crate::ui::widgets::controls::icon_button;
use crate::ui::widgets::one_line::{end_of_topic, paint_line};
use crate::ui::{icons, language, theme};
use crate::words::{Language, publish as words};

/// The most drafts of a connection.
const DRAFTS_MAX: usize = 40;
/// The most of a topic that its tab shows.
const TAB_WIDTH_MAX: f32 = 180.0;
/// The least width of a tab; where that is too much, only some tabs show.
const TAB_WIDTH_MIN: f32 = 72.0;
/// Width of the buttons behind the tabs.
const BUTTON_WIDTH: f32 = 28.0;
/// Height of the strip of tabs.
pub const STRIP_HEIGHT: f32 = 28.0;

/// The drafts of a connection, and which one shows.
#[derive(Debug)]
pub struct DraftTabs {
    drafts: Vec<Draft>,
    current: usize,
    next_id: u64,
    /// What stands for the current one if there is none: never drawn.
    none: Draft,
}

impl Default for DraftTabs {
    fn default() -> Self {
        Self { drafts: vec![Draft::new(0)], current: 0, next_id: 1, none: Draft::new(u64::MAX) }
    }
}

/// What a person did to the tabs.
enum TabAct {
    Show(usize),
    Close(usize),
    Open,
}

impl DraftTabs {
    /// The draft that shows.
    pub fn current(&self) -> &Draft {
        self.drafts.get(self.current).unwrap_or(&self.none)
    }

    /// The draft that shows, to be changed.
    pub fn current_mut(&mut self) -> &mut Draft {
        self.drafts.get_mut(self.current).unwrap_or(&mut self.none)
    }

    /// The draft that a message from elsewhere goes into: the one that shows unless something would be lost.
    pub fn for_message(&mut self) -> &mut Draft {
        if !self.current().is_replaceable() {
            self.open();
        }
        self.current_mut()
    }

    /// Opens an empty draft and shows it; the oldest that can be replaced goes where there are too many.
    pub fn open(&mut self) {
        if self.drafts.len() >= DRAFTS_MAX {
            let oldest = self.drafts.iter().position(Draft::is_replaceable).unwrap_or(0);
            self.drafts.remove(oldest);
        }
        self.drafts.push(Draft::new(self.next_id));
        self.next_id += 1;
        self.current = self.drafts.len() - 1;
    }

    /// Opens a draft that was kept or closed.
    pub fn reopen(&mut self, kept: KeptDraft) {
        self.for_message().restore(kept);
    }

    /// Closes a draft. Returns what it held, if that is worth getting back.
    fn close(&mut self, index: usize) -> Option<KeptDraft> {
        if index >= self.drafts.len() {
            return None;
        }
        let closed = self.drafts.remove(index);
        if self.drafts.is_empty() {
            self.open();
        } else if self.current > index || self.current >= self.drafts.len() {
            self.current -= 1;
        }
        closed.has_content().then(|| closed.kept())
    }

    /// Notes which file a draft was saved as.
    pub fn was_saved(&mut self, id: u64, path: &Path) {
        if let Some(draft) = self.drafts.iter_mut().find(|draft| draft.id == id) {
            draft.saved_as = Some(path.to_owned());
            draft.note_filled();
        }
    }

    /// Notes the request that a draft has sent.
    pub fn asked(&mut self, id: u64, request: u64) {
        if let Some(draft) = self.drafts.iter_mut().find(|draft| draft.id == id) {
            draft.response.asked(request, &mut draft.form);
            draft.editor.filler.sent();
        }
    }

    /// What is kept of all of them.
    pub fn kept(&self) -> KeptDrafts {
        KeptDrafts { drafts: self.drafts.iter().map(Draft::kept).collect(), current: self.current }
    }

    /// Takes over what was kept, in front of what was written meanwhile.
    pub fn restore(&mut self, kept: KeptDrafts) {
        let KeptDrafts { drafts, current } = kept;
        if drafts.is_empty() {
            return;
        }
        let written: Vec<Draft> = self.drafts.drain(..).filter(Draft::has_content).collect();
        let has_written = !written.is_empty();
        for kept in drafts.into_iter().take(DRAFTS_MAX) {
            let mut draft = Draft::new(self.next_id);
            self.next_id += 1;
            draft.restore(kept);
            self.drafts.push(draft);
        }
        self.current = if has_written { self.drafts.len() } else { current.min(self.drafts.len() - 1) };
        self.drafts.extend(written);
    }

    /// Draws the strip. Returns a draft that was closed and can be had back.
    pub fn strip(&mut self, ui: &mut Ui) -> Option<KeptDraft> {
        let l = language(ui);
        let area = ui.available_rect_before_wrap();
        let room = area.width() - 2.0 * BUTTON_WIDTH;
        let fit = ((room / TAB_WIDTH_MIN) as usize).clamp(1, self.drafts.len().max(1));
        // The tabs that show are those around the current one.
        let first = self.current.saturating_sub(fit / 2).min(self.drafts.len() - fit.min(self.drafts.len()));
        let width_max = (room / fit as f32).clamp(TAB_WIDTH_MIN, TAB_WIDTH_MAX);
        let mut act = None;
        let builder = UiBuilder::new()
            .id_salt("drafts")
            .max_rect(area)
            .accessibility_role(egui::accesskit::Role::TabList)
            .accessibility_label(words::DRAFTS.of(l));
        let mut tabs = ui.new_child(builder);
        let mut left = area.left();
        for (index, draft) in self.drafts.iter().enumerate().skip(first).take(fit) {
            let shown = TabLook { index, is_current: index == self.current, is_only: self.drafts.len() == 1 };
            let (right, done) = tab(&mut tabs, pos2(left, area.center().y), width_max, draft, shown);
            (left, act) = (right + 2.0, done.or(act));
        }
        let plus = Rect::from_min_size(pos2(left, area.top()), vec2(BUTTON_WIDTH, area.height()));
        let mut child = ui.new_child(UiBuilder::new().id_salt("new draft").max_rect(plus).layout(centered()));
        let name = words::NEW_DRAFT.of(l);
        if icon_button(&mut child, icons::PLUS, name, words::NEW_DRAFT_HELP.of(l)).clicked() {
            act = Some(TabAct::Open);
        }
        if fit < self.drafts.len() {
            let rest = plus.translate(vec2(BUTTON_WIDTH, 0.0));
            let mut child =
                ui.new_child(UiBuilder::new().id_salt("all drafts").max_rect(rest).layout(centered()));
            act = self.all_menu(&mut child).or(act);
        }
        match act {
            None => None,
            Some(TabAct::Show(index)) => {
                self.current = index;
                None
            }
            Some(TabAct::Open) => {
                self.open();
                None
            }
            Some(TabAct::Close(index)) => self.close(index),
        }
    }

    /// Draws the button that lists all drafts, where not all tabs have room.
    fn all_menu(&self, ui: &mut Ui) -> Option<TabAct> {
        let l = language(ui);
        let name = words::ALL_DRAFTS.of(l);
        let button = icon_button(ui, icons::CARET_DOWN, name, name);
        let mut act = None;
        Popup::menu(&button).show(|ui| {
            context_menu::scrolling(ui, 200.0, |ui| {
                for (index, draft) in self.drafts.iter().enumerate() {
                    let label = words::draft(index, &label(draft, l), l);
                    if ui.selectable_label(index == self.current, label).clicked() {
                        act = Some(TabAct::Show(index));
                        ui.close();
                    }
                }
            });
        });
        act
    }
}

/// How a tab is drawn.
#[derive(Clone, Copy)]
struct TabLook {
    index: usize,
    is_current: bool,
    is_only: bool,
}

fn centered() -> Layout {
    Layout::left_to_right(Align::Center)
}

fn label(draft: &Draft, l: Language) -> Cow<'_, str> {
    let topic = draft.topic.text();
    if topic.is_empty() { words::EMPTY_DRAFT.of(l).into() } else { visible_line(topic) }
}

/// Draws a tab from `left` on; returns its right edge and what was done to it.
fn tab(ui: &mut Ui, left: Pos2, width_max: f32, draft: &Draft, look: TabLook) -> (f32, Option<TabAct>) {
    let (t, l) = (tokens(ui), language(ui));
    let TabLook { index, is_current, is_only } = look;
    let label = label(draft, l);
    let color = if is_current { t.text } else { t.text_muted };
    let cross = if is_only { 0.0 } else { 22.0 };
    let room = width_max - 18.0 - cross;
    let galley = end_of_topic(ui, &label, &theme::mono_small_font(), color, room);
    let width = galley.size().x + 16.0 + cross;
    let rect = Rect::from_min_size(pos2(left.x, left.y - 12.0), vec2(width, 24.0));
    let id = ui.scope_id().with(("draft", draft.id));
    let response = ui.interact(rect, id, Sense::click());
    response
        .widget_info(|| WidgetInfo::selected(Role::Tab, true, is_current, words::draft(index, &label, l)));
    if is_current {
        ui.painter().rect_filled(rect, size::RADIUS, t.surface_2);
        let bar = Rect::from_min_max(pos2(rect.left() + 6.0, rect.bottom() - 2.0), rect.right_bottom());
        ui.painter().rect_filled(bar.with_max_x(rect.right() - 6.0), 1.0, t.accent);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, size::RADIUS, t.surface_2);
    }
    if response.has_focus() {
        let ring = egui::Stroke::new(1.5, t.accent);
        ui.painter().rect_stroke(rect.shrink(1.0), size::RADIUS, ring, egui::StrokeKind::Inside);
    }
    paint_line(ui, pos2(rect.left() + 8.0, rect.center().y), galley, color);
    let mut act = response.clicked().then_some(TabAct::Show(index));
    if response.clicked_by(PointerButton::Middle) && !is_only {
        act = Some(TabAct::Close(index));
    }
    if !is_only {
        let cross = Rect::from_min_size(pos2(rect.right() - 24.0, rect.top()), vec2(22.0, rect.height()));
        let close = UiBuilder::new().id_salt(("close", draft.id)).max_rect(cross).layout(centered());
        let mut child = ui.new_child(close);
        child.spacing_mut().button_padding = vec2(2.0, 2.0);
        let name = words::close_draft(&label, l);
        let text = RichText::new(icons::X).font(theme::icon_font()).color(t.text_muted);
        let button = child.add(Button::new(text).frame_when_inactive(false).min_size(vec2(20.0, 20.0)));
        button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        if button.on_hover_text(words::CLOSE_DRAFT_HELP.of(l)).clicked() {
            act = Some(TabAct::Close(index));
        }
    }
    response.on_hover_text(&*label);
    (rect.right(), act)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Outgoing;

    fn message(topic: &str) -> Outgoing {
        Outgoing { topic: topic.to_owned(), payload: b"1".as_slice().into(), ..Outgoing::default() }
    }

    fn topics(tabs: &DraftTabs) -> Vec<&str> {
        tabs.drafts.iter().map(|draft| draft.topic.text()).collect()
    }

    #[test]
    fn a_message_from_elsewhere_never_takes_the_place_of_what_was_written() {
        let mut tabs = DraftTabs::default();
        tabs.for_message().fill_with(message("a"), None);
        tabs.for_message().fill_with(message("b"), None);
        assert_eq!(topics(&tabs), ["b"], "the first was only looked at");
        tabs.current_mut().qos = crate::message::QoS::AtLeastOnce;
        tabs.for_message().fill_with(message("c"), None);
        assert_eq!(topics(&tabs), ["b", "c"]);
    }

    #[test]
    fn closing_shows_a_neighbour_and_gives_back_what_was_written() {
        let mut tabs = DraftTabs::default();
        for topic in ["a", "b", "c"] {
            tabs.open();
            tabs.current_mut().fill_with(message(topic), None);
        }
        assert_eq!(tabs.close(0), None, "nothing was written");
        tabs.current = 1;
        let closed = tabs.close(1).unwrap();
        assert_eq!((topics(&tabs), tabs.current), (vec!["a", "c"], 1));
        tabs.reopen(closed);
        assert_eq!(tabs.current().topic.text(), "b");
        while tabs.drafts.len() > 1 {
            tabs.close(0);
        }
        tabs.close(0);
        assert_eq!(topics(&tabs), [""]);
    }

    #[test]
    fn what_was_kept_comes_back_in_front_of_what_was_written_meanwhile() {
        let mut tabs = DraftTabs::default();
        tabs.current_mut().fill_with(message("a"), None);
        tabs.open();
        let kept = tabs.kept();
        let mut again = DraftTabs::default();
        again.restore(kept.clone());
        assert_eq!((topics(&again), again.current), (vec!["a", ""], 1));
        assert_eq!(again.kept(), kept);
        let mut busy = DraftTabs::default();
        busy.current_mut().fill_with(message("new"), None);
        busy.restore(kept);
        assert_eq!((topics(&busy), busy.current().topic.text()), (vec!["a", "", "new"], "new"));
    }

    #[test]
    fn there_are_never_too_many() {
        let mut tabs = DraftTabs::default();
        for _ in 0..2 * DRAFTS_MAX {
            tabs.open();
        }
        assert_eq!(tabs.drafts.len(), DRAFTS_MAX);
    }
}
