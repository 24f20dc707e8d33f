//! Buttons and choices as this program draws them: every one has a name for assistive technology.

use eframe::egui::{
    self, Align2, Atom, AtomExt as _, Button, Color32, ComboBox, FontId, Id, Key, Modifiers, Rect, Response,
    RichText, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, accesskit, vec2,
};

use crate::ui::focus::{self, Arrows};
use crate::ui::tokens::{RING, size, tokens};
use crate::ui::{icons, theme};

/// A square button that shows only an icon. `name` is what a screen reader says; `help` is the tooltip.
pub fn icon_button(ui: &mut Ui, icon: &str, name: &str, help: &str) -> Response {
    icon_button_colored(ui, icon, name, help, tokens(ui).text_muted)
}

/// [`icon_button`] in a colour of its own.
pub fn icon_button_colored(ui: &mut Ui, icon: &str, name: &str, help: &str, color: Color32) -> Response {
    let text = RichText::new(icon).font(theme::icon_font()).color(color);
    let button = Button::new(text).frame_when_inactive(false).min_size(vec2(28.0, 24.0));
    let response = ui.add(button);
    let enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name));
    response.on_hover_text(help)
}

/// The one button of a view that matters most.
pub fn primary_button(ui: &mut Ui, label: &str) -> Response {
    let t = tokens(ui);
    let text = RichText::new(label).color(t.on_accent).font(theme::strong_font());
    let response = ui.add(Button::new(text).fill(t.accent).min_size(vec2(72.0, 26.0)));
    if response.has_focus() {
        // The button has the ring's colour: a gap tells them apart.
        let ring = Stroke::new(RING, t.accent);
        ui.painter().rect_stroke(response.rect.expand(2.0), size::RADIUS + 2, ring, StrokeKind::Outside);
    }
    response
}

/// A choice whose accessible name is `name` and whose text is what is chosen.
pub fn named_combo<R>(ui: &mut Ui, name: &str, chosen: &str, choices: impl FnOnce(&mut Ui) -> R) -> Response {
    let combo = ComboBox::from_id_salt(name).selected_text(chosen);
    let response = combo.icon(|ui, rect, _, _| combo_arrow(ui, rect)).show_ui(ui, choices).response;
    let enabled = ui.is_enabled();
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ComboBox, enabled, name);
        info.current_text_value = Some(chosen.to_owned());
        info
    });
    response.on_hover_text(name)
}

/// Draws the arrow of everything that opens a list of choices.
pub fn combo_arrow(ui: &Ui, rect: Rect) {
    let font = FontId::new(12.0, theme::icon_font().family);
    let color = tokens(ui).text_muted;
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, icons::CARET_DOWN, font, color);
}

/// The arrow of [`combo_arrow`] at the right end of a button that opens a menu.
pub fn arrow_atom() -> Atom<'static> {
    Atom::paint(vec2(size::ICON, size::ICON), |ui, args| combo_arrow(ui, args.rect))
        .atom_grow(true)
        .atom_align(Align2::RIGHT_CENTER)
}

/// One tab of a tab list: its label and the value it stands for.
pub type TabEntry<'a, T> = (T, &'a str);

/// A row of tabs with the roles of a tab list; arrow keys move between them. Returns the tab that was chosen.
pub fn tab_list<T: Copy + PartialEq>(
    ui: &mut Ui,
    name: &str,
    tabs: &[TabEntry<'_, T>],
    current: Option<T>,
) -> Option<T> {
    let id = ui.unique_id().with(name);
    let mut chosen = None;
    ui.scope_builder(
        egui::UiBuilder::new()
            .id_salt(name)
            .accessibility_role(accesskit::Role::TabList)
            .accessibility_label(name),
        |ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            for (index, (value, label)) in tabs.iter().enumerate() {
                let selected = current == Some(*value);
                let response = tab(ui, id.with(index), label, selected);
                let step = response.has_focus().then(|| arrow_step(ui)).flatten();
                if response.clicked() {
                    chosen = Some(*value);
                } else if let Some(step) = step {
                    let next = (index as isize + step).rem_euclid(tabs.len() as isize) as usize;
                    chosen = tabs.get(next).map(|(value, _)| *value);
                    ui.memory_mut(|memory| memory.request_focus(id.with(next)));
                }
            }
        },
    );
    chosen
}

pub(super) fn arrow_step(ui: &Ui) -> Option<isize> {
    ui.input_mut(|input| {
        if input.consume_key(Modifiers::NONE, Key::ArrowRight) {
            Some(1)
        } else if input.consume_key(Modifiers::NONE, Key::ArrowLeft) {
            Some(-1)
        } else {
            None
        }
    })
}

/// The width of a tab with this label, in points.
pub fn tab_width(ui: &Ui, label: &str) -> f32 {
    ui.painter().layout_no_wrap(label.to_owned(), theme::text_font(), Color32::PLACEHOLDER).size().x + 20.0
}

fn tab(ui: &mut Ui, id: Id, label: &str, selected: bool) -> Response {
    let t = tokens(ui);
    let color = if selected { t.text } else { t.text_muted };
    let galley = ui.painter().layout_no_wrap(label.to_owned(), theme::text_font(), color);
    let desired = vec2(galley.size().x + 20.0, 28.0);
    let (rect, _) = ui.allocate_exact_size(desired, Sense::hover());
    let response = ui.interact(rect, id, Sense::click());
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    if response.has_focus() {
        focus::keep_arrows(ui, id, Arrows::Horizontal);
        let ring = egui::Stroke::new(1.5, t.accent);
        ui.painter().rect_stroke(rect.shrink(2.0), size::RADIUS, ring, egui::StrokeKind::Inside);
    } else if response.hovered() && !selected {
        ui.painter().rect_filled(rect.shrink(2.0), size::RADIUS, t.surface_2);
    }
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, color);
    if selected {
        let bar = Rect::from_min_max(
            egui::pos2(rect.left() + 8.0, rect.bottom() - 2.0),
            egui::pos2(rect.right() - 8.0, rect.bottom()),
        );
        ui.painter().rect_filled(bar, 1.0, t.accent);
    }
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, selected, label));
    response
}

/// Names a text field for assistive technology. What it holds it says itself.
pub fn name_field(ui: &Ui, field: &Response, name: &str) {
    ui.ctx().accesskit_node_builder(field.id, |node| node.set_label(name));
}

/// A hairline over the whole width.
pub fn hairline(ui: &mut Ui) {
    let t = tokens(ui);
    let y = ui.cursor().top();
    ui.painter().hline(ui.max_rect().x_range(), y, egui::Stroke::new(1.0, t.line));
    ui.add_space(1.0);
}
