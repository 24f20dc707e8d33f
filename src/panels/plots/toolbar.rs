//! The bars above the plots: the tabs, what time they show, and what makes new ones.

use eframe::egui::{Align, Key, Layout, Ui, vec2};

use crate::command::{Actions, Command, PlotId};
use crate::panels::command_button::command_icon;
use crate::panels::plots::PlotsView;
use crate::panels::plots::desk::{Edge, PaneWish, pane_menu};
use crate::panels::plots::page::Page;
use crate::panels::scene::Scene;
use crate::store::plots::PlotPage;
use crate::ui::tokens::size;
use crate::ui::widgets::access::keyed;
use crate::ui::widgets::context_menu;
use crate::ui::widgets::controls::{hairline, icon_button, tab_list};
use crate::ui::widgets::field;
use crate::ui::{icons, language};
use crate::words::plot_page as words;

/// Height of the row of tabs, in points.
const TABS: f32 = 30.0;
/// The most of a tab's name that shows, in characters.
const NAME_CHARS: usize = 24;

impl PlotsView {
    /// Draws the tabs, if there is more than one.
    pub(super) fn tabs(&mut self, ui: &mut Ui, actions: &mut Actions) {
        if self.pages.len() < 2 {
            return;
        }
        let l = language(ui);
        let layout = Layout::left_to_right(Align::Center);
        ui.allocate_ui_with_layout(vec2(ui.available_width(), TABS), layout, |ui| {
            ui.set_min_height(TABS);
            ui.add_space(4.0);
            let names: Vec<_> =
                self.pages.iter().enumerate().map(|(index, page)| title(page, index, l)).collect();
            let tabs: Vec<_> = names.iter().enumerate().map(|(index, name)| (index, name.as_str())).collect();
            if let Some(index) = tab_list(ui, words::TABS.of(l), &tabs, Some(self.shown)) {
                self.shown = index;
                self.renaming = None;
            }
            keyed(ui, "rename", |ui| self.rename(ui));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(4.0);
                ui.spacing_mut().item_spacing.x = 0.0;
                let (close, help) = (words::CLOSE_TAB.of(l), words::CLOSE_TAB_HELP.of(l));
                if icon_button(ui, icons::X, close, help).clicked() {
                    self.close_page(actions);
                }
                let (rename, help) = (words::RENAME_TAB.of(l), words::RENAME_TAB_HELP.of(l));
                if icon_button(ui, icons::PENCIL_SIMPLE, rename, help).clicked() {
                    self.renaming = self.page().map(|page| page.name.clone());
                }
            });
        });
        hairline(ui);
    }

    fn rename(&mut self, ui: &mut Ui) {
        let l = language(ui);
        let Some(mut text) = self.renaming.take() else { return };
        ui.add_space(8.0);
        let name = words::TAB_NAME.of(l);
        let response =
            field::line(ui, name, field::NAME_BYTES_MAX, &mut text, |edit| edit.desired_width(180.0));
        if response.lost_focus() {
            let keeps = !ui.input(|input| input.key_pressed(Key::Escape));
            if let Some(page) = self.pages.get_mut(self.shown).filter(|_| keeps) {
                text.trim().clone_into(&mut page.name);
            }
            self.touch(ui.ctx());
            return;
        }
        if !response.has_focus() {
            response.request_focus();
        }
        self.renaming = Some(text);
    }

    fn close_page(&mut self, actions: &mut Actions) {
        let mut page = self.pages.remove(self.shown);
        for pane in page.panes.values_mut() {
            pane.empty(actions);
        }
        self.renaming = None;
        self.shown = self.shown.min(self.pages.len().saturating_sub(1));
    }

    fn new_page(&mut self) {
        let page = Page::of(&PlotPage::default(), &mut self.last_id);
        self.pages.push(page);
        self.shown = self.pages.len() - 1;
    }

    /// Draws what chooses the time, and what makes new plots.
    pub(super) fn toolbar(
        &mut self,
        ui: &mut Ui,
        scene: &Scene<'_>,
        actions: &mut Actions,
    ) -> Option<(PlotId, PaneWish)> {
        let l = language(ui);
        let (mut wish, mut new_page) = (None, false);
        let layout = Layout::left_to_right(Align::Center);
        ui.allocate_ui_with_layout(vec2(ui.available_width(), size::PANEL_HEADER), layout, |ui| {
            ui.set_min_height(size::PANEL_HEADER);
            ui.add_space(size::PADDING);
            let page = &mut self.pages[self.shown];
            let (id, many) = (page.active, page.panes.len() > 1);
            let shared = page.shared(scene.model, id);
            let Some(pane) = page.active_pane() else { return };
            if !pane.plot.is_empty() || many {
                keyed(ui, "time", |ui| pane.plot.time_controls(ui));
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(4.0);
                ui.spacing_mut().item_spacing.x = 0.0;
                command_icon(ui, Command::FillWindow, actions);
                let button = icon_button(ui, icons::LIST, words::MENU.of(l), words::MENU_HELP.of(l));
                context_menu::below(&button, |menu| {
                    wish = pane_menu(menu, pane, many, l).map(|wish| (id, wish));
                });
                let (new, help) = (words::NEW_PLOT.of(l), words::NEW_PLOT_HELP.of(l));
                if icon_button(ui, icons::ROWS, new, help).clicked() {
                    wish = Some((id, PaneWish::New(Edge::Right)));
                }
                let (add, help) = (words::ADD_FILTER.of(l), words::ADD_FILTER_HELP.of(l));
                if icon_button(ui, icons::FUNNEL, add, help).clicked() {
                    wish = Some((id, PaneWish::OpenForm));
                }
                let (new, help) = (words::NEW_TAB.of(l), words::NEW_TAB_HELP.of(l));
                let adds = keyed(ui, "new-tab", |ui| icon_button(ui, icons::PLUS, new, help));
                new_page = adds.clicked();
                if !many && !pane.plot.is_empty() {
                    keyed(ui, "controls", |ui| pane.plot.controls(ui, scene, shared));
                }
            });
        });
        if new_page {
            self.new_page();
        }
        wish
    }
}

fn title(page: &Page, index: usize, l: crate::words::Language) -> String {
    if page.name.is_empty() {
        return words::numbered(index + 1, l);
    }
    match page.name.char_indices().nth(NAME_CHARS) {
        Some((end, _)) => format!("{}…", &page.name[..end]),
        None => page.name.clone(),
    }
}
