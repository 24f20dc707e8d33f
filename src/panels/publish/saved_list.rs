//! The saved messages of a session's connection: collections, folders and messages as a list. A click puts one into a
//! draft, its button sends it.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::{self, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::command::{Action, Actions, SavedAction};
use crate::panels::scene::Scene;
use crate::payload::visible_line;
use crate::store::saved::{Collection, CollectionPlace, SavedEntry, SavedLibrary};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::context_menu::{self, Item};
use crate::ui::widgets::controls::icon_button;
use crate::ui::widgets::empty;
use crate::ui::widgets::one_line::{end_of_topic, one_line, paint_line};
use crate::ui::widgets::virtual_list::{ListPlace, VirtualList};
use crate::ui::{icons, language, theme};
use crate::words::saved as words;

const ROW_HEIGHT: f32 = 26.0;
const INDENT: f32 = 12.0;

/// A row: indexes into the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SavedRow {
    Collection(usize),
    /// The folder of this message.
    Folder(usize, usize),
    Message(usize, usize),
}

/// What the list keeps between frames.
#[derive(Debug, Default)]
pub struct SavedList {
    place: ListPlace,
    rows: Vec<SavedRow>,
    /// What the rows were made of.
    made_of: Option<(Arc<SavedLibrary>, Option<String>)>,
}

impl SavedList {
    fn refresh(&mut self, scene: &Scene<'_>) {
        let profile = scene.profile;
        let is_same = self.made_of.as_ref().is_some_and(|(library, made_for)| {
            Arc::ptr_eq(library, scene.messages) && made_for.as_deref() == profile
        });
        if is_same {
            return;
        }
        self.rows.clear();
        let shown: Vec<*const Collection> =
            scene.messages.of_profile(profile).map(std::ptr::from_ref).collect();
        for (index, collection) in scene.messages.collections.iter().enumerate() {
            if !shown.contains(&std::ptr::from_ref(collection)) {
                continue;
            }
            self.rows.push(SavedRow::Collection(index));
            let mut folder = "";
            for (number, entry) in collection.entries.iter().enumerate() {
                if entry.folder != folder {
                    folder = &entry.folder;
                    self.rows.push(SavedRow::Folder(index, number));
                }
                self.rows.push(SavedRow::Message(index, number));
            }
        }
        self.made_of = Some((Arc::clone(scene.messages), profile.map(str::to_owned)));
    }

    /// Draws the list into the rest of `ui`.
    pub fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        self.refresh(scene);
        let l = language(ui);
        if self.rows.is_empty() {
            empty::show(ui, words::NONE.of(l), words::NONE_HELP.of(l));
            return;
        }
        let Self { place, rows, .. } = self;
        let count = rows.len() as u64;
        let list =
            VirtualList { name: words::LIST.of(l), rows: count, row_height: ROW_HEIGHT, scroll_to: None };
        list.show(ui, place, |ui, row, rect| {
            let Some(row) = rows.get(row as usize) else { return };
            let collections = &scene.messages.collections;
            match row {
                SavedRow::Collection(index) => {
                    if let Some(collection) = collections.get(*index) {
                        heading(ui, rect, collection);
                    }
                }
                SavedRow::Folder(index, number) => {
                    let entry =
                        collections.get(*index).and_then(|collection| collection.entries.get(*number));
                    if let Some(entry) = entry {
                        folder(ui, rect, &entry.folder);
                    }
                }
                SavedRow::Message(index, number) => {
                    let entry =
                        collections.get(*index).and_then(|collection| collection.entries.get(*number));
                    if let Some(entry) = entry {
                        message(ui, rect, entry, actions);
                    }
                }
            }
        });
    }
}

fn heading(ui: &Ui, rect: Rect, collection: &Collection) {
    let (t, l) = (tokens(ui), language(ui));
    let center = rect.center().y;
    let name =
        one_line(ui, &visible_line(&collection.name), theme::strong_font(), t.text, rect.width() - 24.0);
    let right = rect.left() + 12.0 + name.size().x + 8.0;
    paint_line(ui, pos2(rect.left() + 12.0, center), name, t.text);
    if matches!(collection.place, CollectionPlace::Profile(_)) {
        let mark = words::OF_THIS_CONNECTION.of(l);
        let mark = one_line(ui, mark, theme::small_font(), t.text_muted, (rect.right() - right).max(8.0));
        paint_line(ui, pos2(right, center), mark, t.text_muted);
    }
}

fn folder(ui: &Ui, rect: Rect, folder: &str) {
    let t = tokens(ui);
    let left = rect.left() + 12.0 + INDENT * folder.matches('/').count() as f32;
    let name = one_line(ui, &visible_line(folder), theme::small_font(), t.text_muted, rect.right() - left);
    paint_line(ui, pos2(left, rect.center().y), name, t.text_muted);
}

fn message(ui: &mut Ui, rect: Rect, entry: &SavedEntry, actions: &mut Actions) {
    let (t, l) = (tokens(ui), language(ui));
    let id = ui.scope_id().with(&entry.path);
    let response = ui.interact(rect, id, Sense::click());
    let (about, color) = match &entry.message {
        Ok(message) => (visible_line(&message.topic).into_owned(), t.text_muted),
        Err(fault) => (words::fault(fault, l), t.error),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, words::row(&entry.name, &about, l)));
    let within = ui.rect_contains_pointer(rect);
    if within || response.has_focus() {
        ui.painter().rect_filled(rect.shrink2(vec2(4.0, 0.0)), size::RADIUS, t.surface_2);
    }
    if response.has_focus() {
        let ring = egui::Stroke::new(1.5, t.accent);
        ui.painter().rect_stroke(rect.shrink2(vec2(4.0, 1.0)), size::RADIUS, ring, egui::StrokeKind::Inside);
    }
    let depth = if entry.folder.is_empty() { 1 } else { entry.folder.matches('/').count() + 2 };
    let left = rect.left() + 12.0 + INDENT * depth as f32;
    let button = Rect::from_min_max(
        pos2(rect.right() - 36.0, rect.top() + 1.0),
        pos2(rect.right() - 8.0, rect.bottom()),
    );
    let inner = Rect::from_min_max(pos2(left, rect.top()), pos2(button.left() - 4.0, rect.bottom()));
    let center = inner.center().y;
    let name = one_line(ui, &visible_line(&entry.name), theme::text_font(), t.text, inner.width() * 0.6);
    let right = inner.left() + name.size().x + size::GROUP;
    paint_line(ui, pos2(inner.left(), center), name, t.text);
    let room = (inner.right() - right).max(8.0);
    let line = match &entry.message {
        Ok(_) => end_of_topic(ui, &about, &theme::mono_small_font(), color, room),
        Err(_) => one_line(ui, &about, theme::small_font(), color, room),
    };
    paint_line(ui, pos2(right, center), line, color);
    if entry.message.is_ok() {
        let mut child = ui.new_child(UiBuilder::new().id_salt(("send", &entry.path)).max_rect(button));
        let name = words::send(&entry.name, l);
        if icon_button(&mut child, icons::PAPER_PLANE_TILT, &name, words::SEND.of(l)).clicked() {
            actions.push(SavedAction::Send(entry.path.clone()));
        }
    }
    if response.clicked() {
        actions.push(SavedAction::Edit(entry.path.clone()));
    }
    menu(&response, entry, actions);
    if !context_menu::is_open(&response) {
        response.on_hover_text(format!("{about}\n{}", entry.path.display()));
    }
}

fn menu(response: &egui::Response, entry: &SavedEntry, actions: &mut Actions) {
    context_menu::show(response, response.id, response.has_focus(), |menu| {
        let l = language(menu.ui());
        let path = || PathBuf::clone(&entry.path);
        let fault = entry.message.as_ref().err().map(|fault| words::fault(fault, l));
        let item = Item::new(icons::PAPER_PLANE_TILT, words::SEND.of(l)).unless(fault.as_deref());
        if menu.item(&item) {
            actions.push(SavedAction::Send(path()));
        }
        if menu.item(&Item::new(icons::NOTE_PENCIL, words::EDIT.of(l)).unless(fault.as_deref())) {
            actions.push(SavedAction::Edit(path()));
        }
        if menu.item(&Item::new(icons::COPY, words::COPY_PATH.of(l))) {
            let text = entry.path.to_string_lossy().into_owned();
            actions.push(Action::Copy { what: words::PATH, text });
        }
        menu.separator();
        if menu.item(&Item::new(icons::TRASH, words::DELETE.of(l)).dangerous()) {
            actions.push(SavedAction::Delete(path()));
        }
    });
}
