//! Context menus: opened by the secondary button of the pointer, or by the menu key or Shift+F10 on what has the
//! keyboard; walked with arrows, closed with Escape.

use eframe::egui::{
    self, Atom, AtomExt as _, Button, Context, Id, Key, Layout, Modifiers, Popup, Response, RichText, Role,
    ScrollArea, SetOpenCommand, Ui, WidgetInfo, accesskit, vec2,
};

use crate::ui::theme;
use crate::ui::tokens::{size, tokens};

const WIDTH_MIN: f32 = 200.0;
/// What a menu leaves of the window's height, so that its frame fits too.
const AROUND: f32 = 32.0;

/// An entry of a menu.
#[derive(Clone, Debug)]
pub struct Item<'a> {
    icon: &'a str,
    label: &'a str,
    keys: String,
    obstacle: Option<&'a str>,
    checked: Option<bool>,
    dangerous: bool,
}

impl<'a> Item<'a> {
    /// An entry that can be chosen.
    pub fn new(icon: &'a str, label: &'a str) -> Self {
        Self { icon, label, keys: String::new(), obstacle: None, checked: None, dangerous: false }
    }

    /// Shows the keys that do the same.
    #[must_use]
    pub fn keys(self, keys: String) -> Self {
        Self { keys, ..self }
    }

    /// Says why it cannot be chosen now, if there is a reason.
    #[must_use]
    pub fn unless(self, obstacle: Option<&'a str>) -> Self {
        Self { obstacle, ..self }
    }

    /// Makes it a choice that holds now or does not; `None`: it is an act, which is neither.
    #[must_use]
    pub fn checked(self, checked: Option<bool>) -> Self {
        Self { checked, ..self }
    }

    /// Marks it as something that takes away what others may need.
    #[must_use]
    pub fn dangerous(self) -> Self {
        Self { dangerous: true, ..self }
    }
}

/// An open menu, to which entries are added.
pub struct Menu<'a> {
    ui: &'a mut Ui,
    /// The first entry takes the keyboard.
    takes_focus: bool,
}

impl Menu<'_> {
    /// Adds an entry; `true` in the frame in which it is chosen.
    pub fn item(&mut self, item: &Item<'_>) -> bool {
        let t = tokens(self.ui);
        let enabled = item.obstacle.is_none();
        let color = if item.dangerous { t.error } else { t.text };
        let icon_color = if item.dangerous { t.error } else { t.text_muted };
        let icon = RichText::new(item.icon).font(theme::icon_font()).color(icon_color);
        let icon = Atom::from(icon).atom_size(vec2(size::ICON, size::ICON));
        let button = Button::new((icon, RichText::new(item.label).color(color)))
            .shortcut_text(RichText::new(item.keys.as_str()).color(t.text_muted));
        // A button that is told that it is not selected says so.
        let button = if let Some(checked) = item.checked { button.selected(checked) } else { button };
        let response = self.ui.add_enabled(enabled, button);
        response.widget_info(|| menu_entry(enabled, item.checked, item.label));
        if self.takes_focus && enabled && !self.ui.is_sizing_pass() {
            response.request_focus();
            self.takes_focus = false;
        }
        let Some(obstacle) = item.obstacle else {
            let chosen = response.clicked();
            if chosen {
                self.ui.close();
            }
            return chosen;
        };
        self.ui.ctx().accesskit_node_builder(response.id, |node| node.set_description(obstacle));
        response.on_disabled_hover_text(obstacle);
        false
    }

    /// Parts what stands above from what follows.
    pub fn separator(&mut self) {
        self.ui.separator();
    }

    /// The interface that it is drawn into, for what is read from it.
    pub fn ui(&self) -> &Ui {
        self.ui
    }
}

/// Draws the content of a menu, which scrolls if the window is too low for it.
pub fn scrolling(ui: &mut Ui, width_min: f32, content: impl FnOnce(&mut Ui)) {
    ui.set_min_width(width_min);
    let height = (ui.ctx().content_rect().height() - AROUND).max(0.0);
    // A popup is as high as egui thinks enough until it is told otherwise.
    ui.set_max_height(height);
    ScrollArea::vertical().max_height(height).show(ui, content);
}

/// What a menu entry is to assistive technology: a choice where `checked` says whether it holds, else an act.
pub fn menu_entry(enabled: bool, checked: Option<bool>, label: &str) -> WidgetInfo {
    match checked {
        Some(checked) => WidgetInfo::selected(Role::MenuItemCheckBox, enabled, checked, label),
        None => WidgetInfo::labeled(Role::MenuItem, enabled, label),
    }
}

/// Whether a key was pressed that opens the menu of what has the keyboard.
pub fn is_asked_for(ctx: &Context) -> bool {
    ctx.input(|input| {
        input.events.iter().any(|event| match event {
            egui::Event::Key { key: Key::Menu, pressed: true, .. } => true,
            egui::Event::Key { key: Key::F10, pressed: true, modifiers, .. } => modifiers.shift_only(),
            _ => false,
        })
    })
}

/// Shows the menu of a widget while it is open, and opens it when it is asked for. `has_keyboard` says whether the menu
/// keys mean this widget; `keyboard` is what gets the keyboard back from the menu, usually the widget itself, for a row
/// its list.
pub fn show(response: &Response, keyboard: Id, has_keyboard: bool, items: impl FnOnce(&mut Menu<'_>)) {
    let ctx = &response.ctx;
    let is_open = is_open(response);
    let opens = response.secondary_clicked() || (has_keyboard && is_asked_for(ctx));
    if !is_open && !opens {
        return;
    }
    let by_key = by_key(response, !is_open && !response.secondary_clicked());
    let popup = Popup::context_menu(response).id(id_of(response)).anchor_widget(keyboard);
    let popup = match (is_open, by_key) {
        (false, true) => popup.open_memory(SetOpenCommand::Bool(true)),
        _ => popup,
    };
    let popup = if by_key { popup.anchor(response) } else { popup };
    let shown = popup.layout(Layout::top_down_justified(egui::Align::Min)).show(|ui| {
        ui.set_min_width(WIDTH_MIN);
        ui.ctx().accesskit_node_builder(ui.unique_id(), |node| node.set_role(accesskit::Role::Menu));
        let takes_focus = by_key && ui.memory(|memory| memory.has_focus(keyboard));
        items(&mut Menu { ui, takes_focus });
    });
    let was_chosen = shown.is_some_and(|shown| shown.response.should_close());
    let was_left = is_open && ctx.input(|input| input.key_pressed(Key::Escape));
    if was_chosen || was_left {
        ctx.memory_mut(|memory| memory.request_focus(keyboard));
    }
}

/// Shows a menu below a button while it is open; a click of the button opens and closes it.
pub fn below(button: &Response, items: impl FnOnce(&mut Menu<'_>)) {
    let by_key = button.has_focus();
    let shown = Popup::menu(button).layout(Layout::top_down_justified(egui::Align::Min)).show(|ui| {
        ui.set_min_width(WIDTH_MIN);
        ui.ctx().accesskit_node_builder(ui.unique_id(), |node| node.set_role(accesskit::Role::Menu));
        items(&mut Menu { ui, takes_focus: by_key });
    });
    if shown.is_some_and(|shown| shown.response.should_close()) {
        button.request_focus();
    }
}

/// Whether the menu of a widget is open.
pub fn is_open(response: &Response) -> bool {
    Popup::is_id_open(&response.ctx, id_of(response))
}

fn id_of(response: &Response) -> Id {
    response.id.with("context menu")
}

/// Whether the menu was opened by a key, from the frame on in which it `opens`.
fn by_key(response: &Response, opens: bool) -> bool {
    let ctx = &response.ctx;
    let id = id_of(response).with("by key");
    if opens || response.secondary_clicked() {
        ctx.data_mut(|data| data.insert_temp(id, opens));
        ctx.input_mut(|input| {
            input.consume_key(Modifiers::NONE, Key::Menu);
            input.consume_key(Modifiers::SHIFT, Key::F10);
        });
        return opens;
    }
    ctx.data(|data| data.get_temp(id)).unwrap_or(false)
}
