//! The page from a small planted world: what is on it, what may not be, and that it is sound.

#![allow(clippy::unwrap_used, reason = "tests")]

use scraper::{ElementRef, Html, Selector};
use tieline_insight::findings::{HeatCell, HeatClass, HeatTable};
use tieline_insight::{
    ActorNode, AnalysisOptions, Findings, Names, Network, NetworkInput, Provenance, SourceCount,
    StatedPair, analyse,
};
use tieline_model::id::{ActorId, UnitId};
use tieline_model::org::{Unit, UnitKind};

use super::map::group_map;
use super::{Frame, ReportOptions, render};

/// People of the planted world, by name; none is a word of the report.
const FIRST: [&str; 3] = ["Oda", "Piet", "Quill"];

#[derive(Default)]
struct World(NetworkInput);

impl World {
    fn department(&mut self, name: &str, prefix: &str, n: usize) -> Vec<u32> {
        let id = UnitId::derived(&[name.as_bytes()]);
        let kind = UnitKind::Department;
        self.0.units.push(Unit { id, kind, name: name.to_owned(), parent: None, domains: vec![] });
        (0..n).map(|at| self.person(&format!("{prefix} Zz{at}"), id)).collect()
    }

    fn person(&mut self, name: &str, unit: UnitId) -> u32 {
        self.0.actors.push(ActorNode {
            id: ActorId::derived(&[name.as_bytes()]),
            name: name.to_owned(),
            unit: Some(unit),
            organisation: None,
            is_organisation: false,
            listed: true,
            seen: true,
            opted_out: false,
        });
        self.0.actors.len() as u32 - 1
    }

    fn tie(&mut self, a: u32, b: u32) {
        self.0.stated.push(StatedPair { a, b, weight: 2.0, directed: false, kind: None });
    }

    fn ring(&mut self, people: &[u32]) {
        for at in 0..people.len() {
            for step in 1..=2 {
                self.tie(people[at], people[(at + step) % people.len()]);
            }
        }
    }
}

/// Two departments that know a third well and each other by one tie; `names` are theirs.
fn planted(names: [&str; 3]) -> NetworkInput {
    let mut world = World::default();
    let mut prefixes = FIRST.into_iter();
    let [a, b, c] =
        names.map(|name| world.department(name, prefixes.next().unwrap_or_default(), 10));
    for people in [&a, &b, &c] {
        world.ring(people);
    }
    for at in 0..10 {
        for step in 0..3 {
            world.tie(a[at], c[(at + step) % 10]);
            world.tie(b[at], c[(at + step) % 10]);
        }
    }
    world.tie(a[0], b[0]);
    world.0
}

fn findings(input: NetworkInput, names: Names) -> Findings {
    let provenance = Provenance {
        sources: vec![SourceCount {
            name: "mail archive".to_owned(),
            read: 12_345,
            new: 12_000,
            duplicate: 40,
            left_out: vec![("broadcast".to_owned(), 5), ("newsletter".to_owned(), 290)],
            issues: 10,
        }],
        ..Provenance::default()
    };
    let options = AnalysisOptions {
        permutations: 999,
        resamples: 0,
        names,
        provenance,
        ..Default::default()
    };
    analyse(&Network::build(input).unwrap(), None, &options)
}

fn page(findings: &Findings) -> String {
    let options =
        ReportOptions { workspace: "Warm Homes".to_owned(), title: None, frame: Frame::File };
    render(findings, &options).unwrap()
}

fn planted_page(names: Names) -> String {
    page(&findings(planted(["Housing", "Health", "Planning"]), names))
}

fn select<'a>(html: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(selector).unwrap()).collect()
}

fn text(element: &ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_page_opens_with_the_claim_the_lede_and_four_numbers() {
    let findings = findings(planted(["Housing", "Health", "Planning"]), Names::Shown);
    let html = Html::parse_document(&page(&findings));
    let heads = select(&html, "h1");
    assert_eq!(heads.iter().map(text).collect::<Vec<_>>(), [findings.headline.as_str()]);
    assert!(heads[0].inner_html().contains("yet talk across"));
    assert_eq!(text(&select(&html, ".lede")[0]), findings.lede);
    assert_eq!(select(&html, ".kpis .big").len(), 4);
    assert!(text(&select(&html, ".top")[0]).contains("Warm Homes"));
}

#[test]
fn a_title_of_ones_own_takes_the_place_of_the_claim() {
    let findings = findings(planted(["Housing", "Health", "Planning"]), Names::Shown);
    let options = ReportOptions {
        workspace: "W".to_owned(),
        title: Some("Autumn <review>".to_owned()),
        frame: Frame::File,
    };
    let html = Html::parse_document(&render(&findings, &options).unwrap());
    assert_eq!(text(&select(&html, "h1")[0]), "Autumn <review>");
}

/// Degrees: 71, 71, 100 and m = 121, so 71 x 71 / 242 = 20.8 ties are expected where 1 is (0.05),
/// and 71 x 100 / 242 = 29.3 where 30 are (1.02).
#[test]
fn the_heat_table_shows_found_against_expected_and_marks_the_gap() {
    let html = Html::parse_document(&planted_page(Names::Shown));
    let rows: Vec<Vec<String>> = select(&html, ".heat tbody tr")
        .iter()
        .map(|row| row.child_elements().map(|cell| text(&cell)).collect())
        .collect();
    assert_eq!(rows.len(), 3);
    let cell = |row: &str, column: &str| {
        let at = rows.iter().position(|cells| cells[0] == column).unwrap();
        rows.iter().find(|cells| cells[0] == row).unwrap()[at + 1].clone()
    };
    assert_eq!(cell("Housing", "Health"), "0.0");
    assert_eq!(cell("Health", "Planning"), "1.0");
    assert_eq!(cell("Planning", "Planning"), "·");
    let hot = select(&html, ".heat td.hot");
    assert_eq!(hot.len(), 2, "the gap, once on either side of the diagonal");
    assert_eq!(hot[0].value().attr("title"), Some("1 working tie, about 21 expected"));
    assert_eq!(select(&html, "svg.map path.g").len(), 1);
}

#[test]
fn every_broker_and_every_section_is_on_the_page() {
    let findings = findings(planted(["Housing", "Health", "Planning"]), Names::Shown);
    let html = Html::parse_document(&page(&findings));
    assert!(!findings.brokers.is_empty());
    let rows: Vec<String> = select(&html, "tbody th[scope=row]").iter().map(text).collect();
    for broker in &findings.brokers {
        let label = &broker.person.label;
        assert!(rows.iter().any(|row| row.starts_with(label)), "{label}");
    }
    let heads: Vec<String> = select(&html, "h2").iter().map(text).collect();
    let kinds = ["summary", "silo"];
    for section in findings.sections.iter().filter(|one| !kinds.contains(&one.kind.name())) {
        assert!(heads.iter().any(|head| head == section.title), "{}", section.title);
    }
    // Every finding is told, each with what it rests on.
    let told: Vec<String> = select(&html, ".why h3").iter().map(text).collect();
    for finding in findings.all().skip(1) {
        assert!(told.contains(&finding.headline), "{}", finding.headline);
    }
    for anchor in select(&html, "nav a") {
        let target = anchor.value().attr("href").unwrap();
        assert_eq!(select(&html, target).len(), 1, "{target}");
    }
}

#[test]
fn hidden_names_are_nowhere_in_the_page() {
    let shown = planted_page(Names::Shown);
    let hidden = planted_page(Names::Hidden);
    assert!(FIRST.iter().any(|name| shown.contains(&format!("{name} Zz"))));
    let input = planted(["Housing", "Health", "Planning"]);
    for actor in &input.actors {
        assert!(!hidden.contains(&actor.name), "{}", actor.name);
        assert!(!hidden.contains(&actor.id.to_string()), "{}", actor.name);
    }
    assert!(hidden.contains("Names of individuals are left out"));
    assert!(!shown.contains("Names of individuals are left out"));
}

#[test]
fn markup_in_names_is_shown_and_not_obeyed() {
    let evil = "<script>alert(1)</script>";
    let mut input = planted([evil, "\"><img src=x onerror=alert(2)>", "Planning & <b>Co</b>"]);
    for actor in &mut input.actors {
        actor.name = format!("{evil} {}", actor.name);
    }
    let mut findings = findings(input, Names::Shown);
    findings.provenance.sources[0].name = evil.to_owned();
    let options = ReportOptions { workspace: evil.to_owned(), title: None, frame: Frame::File };
    let page = render(&findings, &options).unwrap();
    assert!(!page.contains("<script"));
    assert!(!page.contains("<img"));
    let html = Html::parse_document(&page);
    assert_eq!(html.errors, Vec::<String>::new());
    let heads: Vec<String> = select(&html, ".heat tbody th").iter().map(text).collect();
    assert!(heads.iter().any(|head| head == evil), "{heads:?}");
    let cells: Vec<String> = select(&html, ".tbl tbody th").iter().map(text).collect();
    assert!(cells.iter().any(|cell| cell.starts_with(&format!("{evil} "))), "{cells:?}");
}

#[test]
fn an_empty_network_makes_a_page_that_says_so() {
    let findings = findings(NetworkInput::default(), Names::Shown);
    let page = page(&findings);
    let html = Html::parse_document(&page);
    assert_eq!(html.errors, Vec::<String>::new());
    assert_eq!(text(&select(&html, "h1")[0]), findings.headline);
    assert!(findings.headline.contains("not enough"));
    assert!(select(&html, ".heat, svg.map").is_empty());
    let words = text(&select(&html, "main")[0]);
    assert!(words.contains("How this was made") && !words.contains("NaN"), "{words}");
}

#[test]
fn the_same_findings_give_the_same_bytes() {
    assert_eq!(planted_page(Names::Shown), planted_page(Names::Shown));
    let mut backwards = planted(["Housing", "Health", "Planning"]);
    backwards.stated.reverse();
    backwards.units.reverse();
    assert_eq!(planted_page(Names::Shown), page(&findings(backwards, Names::Shown)));
}

#[test]
fn nothing_is_run_and_nothing_is_loaded_from_outside() {
    for page in [planted_page(Names::Shown), page(&findings(NetworkInput::default(), Names::Shown))]
    {
        let lower = page.to_lowercase();
        assert!(!lower.contains("<script") && !lower.contains("@import"));
        assert!(!lower.contains("http://") && !lower.contains("https://"));
        for place in lower.match_indices("url(") {
            assert!(lower[place.0..].starts_with("url(data:font/woff2;base64,"));
        }
        let html = Html::parse_document(&page);
        assert!(select(&html, "[src], link, iframe, object, embed, form").is_empty());
        for anchor in select(&html, "[href]") {
            assert!(anchor.value().attr("href").unwrap().starts_with('#'));
        }
        let inline = html
            .tree
            .values()
            .filter_map(|node| node.as_element())
            .flat_map(|element| element.attrs().map(|(name, _)| name.to_owned()))
            .find(|name| name.starts_with("on"));
        assert_eq!(inline, None);
    }
}

#[test]
fn the_page_is_well_formed_with_landmarks_captions_and_scopes() {
    let html = Html::parse_document(&planted_page(Names::Shown));
    assert_eq!(html.errors, Vec::<String>::new());
    for one in ["h1", "main", "nav[aria-label]", "html[lang=en]", "a.skip[href='#main']"] {
        assert_eq!(select(&html, one).len(), 1, "{one}");
    }
    let tables = select(&html, "table");
    assert!(tables.len() >= 5);
    let caption = Selector::parse("caption").unwrap();
    for table in &tables {
        let captions: Vec<String> = table.select(&caption).map(|found| text(&found)).collect();
        assert!(captions.len() == 1 && !captions[0].is_empty());
    }
    assert!(select(&html, "th:not([scope])").is_empty());
    assert!(select(&html, ".scroll:not([tabindex='0'][role='group'][aria-label])").is_empty());
    assert!(select(&html, "svg:not([aria-hidden]):not([role='img'][aria-label])").is_empty());
    let mut ids: Vec<&str> =
        select(&html, "[id]").iter().map(|found| found.value().id().unwrap()).collect();
    ids.sort_unstable();
    let all = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id is there twice");
}

#[test]
fn what_was_read_adds_up_and_many_imports_become_few_rows() {
    let mut findings = findings(planted(["Housing", "Health", "Planning"]), Names::Shown);
    let cells = |findings: &Findings| -> Vec<Vec<String>> {
        let html = Html::parse_document(&page(findings));
        let tables = select(&html, "table");
        let read = tables.iter().find(|table| text(table).starts_with("What was read")).unwrap();
        read.select(&Selector::parse("tbody tr").unwrap())
            .map(|row| row.child_elements().map(|cell| text(&cell)).collect())
            .collect()
    };
    let expected =
        ["mail archive", "12,345", "12,000", "40", "10", "295", "290 newsletter, 5 broadcast"];
    assert_eq!(cells(&findings), [expected]);
    let one = findings.provenance.sources[0].clone();
    let named = |at: u64| SourceCount { name: format!("file {at:02}"), read: at, ..one.clone() };
    findings.provenance.sources = (1..=25).map(named).collect();
    let rows = cells(&findings);
    assert_eq!(rows.len(), 10);
    assert_eq!(rows[9][0], "16 more");
    let read: u64 = rows.iter().map(|row| row[1].parse::<u64>().unwrap()).sum();
    assert_eq!(read, (1..=25).sum::<u64>());
}

/// A table of `n` groups in which everyone has ties with everyone.
fn heat(n: usize, name: impl Fn(usize) -> String) -> HeatTable {
    let cell = |a: usize, b: usize| HeatCell {
        observed: if a == b { 0 } else { 1 + (a + b) % 7 },
        expected: 4.0,
        ratio: Some(1.0),
        class: if (a * b) % 5 == 2 { HeatClass::Silo } else { HeatClass::Usual },
        patchy: false,
    };
    HeatTable {
        names: (0..n).map(name).collect(),
        cells: (0..n).map(|a| (0..n).map(|b| cell(a, b)).collect()).collect(),
        left_out: 0,
    }
}

#[test]
fn labels_of_the_map_stay_inside_and_apart_however_many_and_long() {
    let names: [fn(usize) -> String; 3] = [
        |at| format!("G{at}"),
        |at| format!("Department of very long names number {at}"),
        |at| format!("Donaudampfschifffahrtsgesellschaft{at}"),
    ];
    for n in 3..=24 {
        for name in names {
            let map = group_map(&heat(n, name), &vec![9; n]).unwrap();
            assert_eq!(map.dots.len(), n);
            let mut boxes: Vec<[f64; 4]> = Vec::new();
            for dot in &map.dots {
                assert!(dot.y - dot.radius >= 0.0 && dot.y + dot.radius <= map.height);
                assert!((1..=2).contains(&dot.label.len()));
                for (y, line) in &dot.label {
                    // Letters of the map are at most 7 px wide and 12 px high on average.
                    let width = 7.0 * line.chars().count() as f64;
                    let left = if dot.anchor == "end" { dot.label_x - width } else { dot.label_x };
                    assert!(left >= 0.0 && left + width <= map.width, "{line}");
                    assert!(*y >= 12.0 && *y <= map.height, "{line}");
                    boxes.push([left, left + width, y - 10.0, y + 2.0]);
                }
            }
            for (at, a) in boxes.iter().enumerate() {
                for b in &boxes[at + 1..] {
                    let apart = a[1] <= b[0] || b[1] <= a[0] || a[3] <= b[2] || b[3] <= a[2];
                    assert!(apart, "{n} groups: two labels meet");
                }
            }
        }
    }
}

#[test]
fn fewer_than_three_groups_make_no_map() {
    for n in 0..3 {
        assert!(group_map(&heat(n, |at| at.to_string()), &vec![5; n]).is_none());
    }
}
