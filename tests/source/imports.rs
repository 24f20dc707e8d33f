//! Every path that a source file uses, from the crate's root or from an outside crate.
//!
//! `use` trees are expanded and relative paths resolved. Tokens inside macro calls, which `syn` does not parse, count
//! too. `pub(in …)` only restricts visibility and imports nothing.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Ident, ItemMod, ItemUse, Macro, Path, UseTree, Visibility};

/// A path that the source uses.
pub struct Import {
    /// Line number from 1.
    pub line: usize,
    /// Path segments, such as `crate`, `model`, `tree`, or beginning with an outside crate.
    pub path: Vec<String>,
    /// Whether it is inside a module named `tests`.
    pub in_tests: bool,
}

/// The paths with at least two segments in `text`, the source of `module`.
pub fn imports(module: &[String], text: &str) -> syn::Result<Vec<Import>> {
    let file = syn::parse_file(text)?;
    let mut here = vec!["crate".to_owned()];
    here.extend(module.iter().cloned());
    let mut reader = Reader { here, found: Vec::new() };
    reader.visit_file(&file);
    Ok(reader.found)
}

struct Reader {
    /// The current module, from `crate` on, including inline modules.
    here: Vec<String>,
    found: Vec<Import>,
}

impl Reader {
    fn found(&mut self, line: usize, path: Vec<String>) {
        let path = resolve(&self.here, path);
        if path.len() > 1 {
            let in_tests = self.here.iter().any(|name| name == "tests");
            self.found.push(Import { line, path, in_tests });
        }
    }

    /// Expands a `use` tree to one path per leaf.
    fn tree(&mut self, tree: &UseTree, prefix: &[String]) {
        let with = |name: &Ident| [prefix, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.tree(&path.tree, &with(&path.ident)),
            UseTree::Group(group) => group.items.iter().for_each(|item| self.tree(item, prefix)),
            UseTree::Glob(glob) => {
                self.found(glob.span().start().line, [prefix, &["*".to_owned()]].concat());
            }
            UseTree::Name(_) | UseTree::Rename(_) => {
                let ident = match tree {
                    UseTree::Rename(rename) => &rename.ident,
                    UseTree::Name(name) => &name.ident,
                    _ => return,
                };
                // `{self, …}` is the module itself.
                let path = if ident == "self" { prefix.to_vec() } else { with(ident) };
                self.found(ident.span().start().line, path);
            }
        }
    }

    /// Finds paths in a macro's arguments.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut line = 0;
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.found(line, std::mem::take(&mut path));
                        line = ident.span().start().line;
                    }
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' && !path.is_empty() && colons < 2 => {
                    colons += 1;
                }
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace && colons == 2 => {
                    // In `a::{b, c}` the prefix before the braces is enough.
                    self.found(line, std::mem::take(&mut path));
                    colons = 0;
                    self.tokens(group.stream());
                }
                other => {
                    self.found(line, std::mem::take(&mut path));
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.tokens(group.stream());
                    }
                }
            }
        }
        self.found(line, path);
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        self.here.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
        self.here.pop();
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.tree(&item.tree, &[]);
    }

    fn visit_path(&mut self, path: &'ast Path) {
        let segments = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.found(path.span().start().line, segments);
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.visit_path(&call.path);
        self.tokens(call.tokens.clone());
    }

    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

/// Resolves a path beginning with `self` or `super` in module `here` to one from the crate's root.
fn resolve(here: &[String], path: Vec<String>) -> Vec<String> {
    let ups = path.iter().take_while(|segment| *segment == "super").count();
    let is_relative = ups > 0 || path.first().is_some_and(|first| first == "self");
    if !is_relative {
        return path;
    }
    let kept = here.len().saturating_sub(ups).max(1);
    let rest = path.into_iter().skip_while(|segment| segment == "super" || segment == "self");
    here[..kept].iter().cloned().chain(rest).collect()
}
