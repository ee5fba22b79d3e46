use std::collections::BTreeMap;

use proptest::prelude::*;
use tieline_model::issue::Severity;
use tieline_model::record::{Attendance, Node, Record, StatedTie};

use super::*;
use crate::source::{Confidence, Probe, Source};
use crate::testing::{Collected, read_bytes, read_mapped};

fn ties(found: &Collected) -> Vec<StatedTie> {
    found
        .records
        .iter()
        .filter_map(|(_, record)| match record {
            Record::StatedTie(tie) => Some(tie.as_ref().clone()),
            _ => None,
        })
        .collect()
}

fn nodes(found: &Collected) -> Vec<Node> {
    found
        .records
        .iter()
        .filter_map(|(_, record)| match record {
            Record::Node(node) => Some(node.as_ref().clone()),
            _ => None,
        })
        .collect()
}

fn attendances(found: &Collected) -> Vec<Attendance> {
    found
        .records
        .iter()
        .filter_map(|(_, record)| match record {
            Record::Attendance(attendance) => Some(attendance.as_ref().clone()),
            _ => None,
        })
        .collect()
}

fn table(name: &str, text: &str) -> Collected {
    read_bytes(&NetworkTable, name, text.as_bytes())
}

#[test]
fn edge_lists_with_and_without_header_weight_and_time_are_read() {
    for (text, weight, dated) in [
        ("0 1\n2 3\n", 1.0, false),
        ("# comment\n% another\n0\t1\n2\t3\n", 1.0, false),
        ("0 1 2.5\n2 3 0.5\n4 5 1\n", 2.5, false),
        ("from,to,weight\n1,2,796\n2,3,106\n", 796.0, false),
        ("from,to,timestamp\n2,1,1247658439\n2,1,1247660019\n", 1.0, true),
        ("2 1 1247658439\n2 1 1247660019\n", 1.0, true),
        ("sender;recipient;date\na@b.org;c@b.org;2020-01-01\n", 1.0, true),
        ("from,to,rank_1,rank_2,time\n32,31,3,4,1\n32,30,3,2,2\n", 1.0, false),
    ] {
        let found = table("x.csv", text);
        let ties = ties(&found);
        assert!(ties.len() == found.records.len() && !ties.is_empty(), "{text}");
        assert!((ties[0].weight - weight).abs() < 1e-12, "{text} {ties:?}");
        assert_eq!(ties[0].at.is_some(), dated, "{text}");
    }
    let relative = table("x.txt", "1 2 0\n3 4 2797\n3 5 3304\n");
    assert_eq!(ties(&relative)[1].at.unwrap().ms(), 2_797_000);
    assert!(relative.issues[0].2.contains("unknown start"));
}

#[test]
fn broken_ties_are_lost_with_their_row() {
    let found = table("x.csv", "from,to,weight\n1,2,3\n1,,3\n1,2,-4\n1,2,many\n");
    assert_eq!(found.records.len(), 1);
    let rows: Vec<String> = found.issues.iter().map(|issue| issue.0.to_string()).collect();
    assert_eq!(rows, ["row 3", "row 4", "row 5"]);
    assert!(found.issues.iter().all(|issue| issue.1 == Severity::Lost));
}

#[test]
fn node_lists_keep_ids_labels_and_units_and_are_numbered_where_they_have_no_id() {
    let found = table("x-nodes.csv", "id,name,email,dept\n7,Amara,amara@example.org,Homes\n");
    let node = &nodes(&found)[0];
    assert_eq!((node.id.as_str(), node.label.as_deref()), ("7", Some("Amara")));
    assert_eq!(node.email.as_deref(), Some("amara@example.org"));
    assert_eq!(node.unit.as_deref(), Some("Homes"));
    let found = table("x-nodes.csv", "name,club\nAmara,A\nBo,B\n");
    let ids: Vec<String> = nodes(&found).into_iter().map(|node| node.id).collect();
    assert_eq!(ids, ["1", "2"]);
    assert!(found.issues[0].2.contains("numbered"));
}

#[test]
fn node_labels_are_told_from_ties_by_the_mapping_alone() {
    let mapping: BTreeMap<String, String> = [("kind".to_owned(), "node-labels".to_owned())].into();
    let found = read_mapped(&NetworkTable, "labels.txt", b"0 1\n1 1\n2 21\n", &mapping);
    let units: Vec<_> = nodes(&found).into_iter().map(|node| (node.id, node.unit)).collect();
    assert_eq!(units[2], ("2".to_owned(), Some("21".to_owned())));
    assert_eq!(ties(&table("labels.txt", "0 1\n1 1\n2 21\n")).len(), 3);
}

#[test]
fn attendance_comes_from_pairs_and_from_matrices() {
    let pairs = table("x.csv", "woman,event,date\nEvelyn,E1,1936-06-27\nLaura,E1,1936-06-27\n");
    let found = attendances(&pairs);
    assert_eq!((found[0].person.as_str(), found[0].event.as_str()), ("Evelyn", "E1"));
    assert_eq!(found[0].at.unwrap().to_string(), "1936-06-27T00:00:00Z");
    assert_eq!(attendances(&table("x.csv", ",E1,E2,E3\nEvelyn,1,0,1\nLaura,0,1,1\n")).len(), 4);
    let mapping: BTreeMap<String, String> = [("kind".to_owned(), "matrix".to_owned())].into();
    let broken = b",E1,E2,E3\nEvelyn,1,0,1\nLaura,0,1,2\n";
    let matrix = read_mapped(&NetworkTable, "x.csv", broken, &mapping);
    assert_eq!(attendances(&matrix).len(), 3);
    assert_eq!(matrix.issues.len(), 1);
}

#[test]
fn graphml_keys_defaults_and_directions_are_honoured() {
    let text = r#"<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "bomb">]>
      <graphml xmlns:y="y"><key id="d0" for="node" attr.name="label"/>
      <key id="d1" for="edge" attr.name="weight"><default>2</default></key>
      <key id="d2" for="node" attr.name="Department"/>
      <graph edgedefault="undirected">
      <node id="n0"><data key="d0">Amara &amp; &a;Bo</data><data key="d2">Homes</data></node>
      <node id="n1"><data key="d9"><y:NodeLabel>Cy</y:NodeLabel></data></node>
      <edge source="n0" target="n1" directed="true"><data key="d1">3.5</data></edge>
      <edge source="n1" target="n0"/><edge source="n1"/><hyperedge/></graph></graphml>"#;
    let found = read_bytes(&GraphMl, "x.graphml", text.as_bytes());
    let nodes = nodes(&found);
    assert_eq!(nodes[0].label.as_deref(), Some("Amara & Bo"));
    assert_eq!(nodes[0].unit.as_deref(), Some("Homes"));
    assert_eq!(nodes[1].label.as_deref(), Some("Cy"));
    let ties = ties(&found);
    let (first, second) = (&ties[0], &ties[1]);
    assert!(first.directed && (first.weight - 3.5).abs() < 1e-12);
    assert!(!second.directed && (second.weight - 2.0).abs() < 1e-12);
    assert_eq!(found.issues.len(), 2, "{:?}", found.issues);
}

#[test]
fn gexf_attributes_dates_and_kinds_are_read() {
    let text = r#"<gexf version="1.3"><graph defaultedgetype="directed" timeformat="date">
      <attributes class="node"><attribute id="0" title="department"/></attributes>
      <nodes><node id="a" label="Amara"><attvalues><attvalue for="0" value="Homes"/></attvalues></node>
      <node id="b" label="Bo"/></nodes>
      <edges><edge id="0" source="a" target="b" weight="2" start="2020-01-02" kind="advice"/>
      <edge id="1" source="b" target="a" type="undirected" start="5"/></edges></graph></gexf>"#;
    let found = read_bytes(&Gexf, "x.gexf", text.as_bytes());
    assert_eq!(nodes(&found)[0].unit.as_deref(), Some("Homes"));
    let ties = ties(&found);
    assert_eq!(ties[0].at.unwrap().to_string(), "2020-01-02T00:00:00Z");
    assert_eq!(ties[0].kind.as_deref(), Some("advice"));
    assert!(ties[0].directed && !ties[1].directed && ties[1].at.is_none());
}

#[test]
fn kumu_maps_and_node_link_files_are_read() {
    let kumu = r#"{"elements": [{"_id": "e1", "attributes": {"label": "Amara", "element type":
      "Person", "Team": "Homes"}}, {"label": "Bo"}, 3],
      "connections": [{"from": "e1", "to": "Bo", "direction": "directed",
      "attributes": {"strength": 2}}, {"from": "e1"}]}"#;
    let found = read_bytes(&Kumu, "map.json", kumu.as_bytes());
    let nodes = nodes(&found);
    assert_eq!((nodes[0].id.as_str(), nodes[0].unit.as_deref()), ("e1", Some("Homes")));
    assert_eq!(nodes[1].id, "Bo");
    assert!(ties(&found)[0].directed && (ties(&found)[0].weight - 2.0).abs() < 1e-12);
    assert_eq!(found.issues.len(), 2);
    let link =
        r#"{"directed": false, "nodes": [{"id": 1}], "links": [{"source": 1, "target": 2}]}"#;
    assert_eq!(read_bytes(&Kumu, "x.json", link.as_bytes()).records.len(), 2);
    assert_eq!(read_bytes(&Kumu, "x.json", b"{").issues.len(), 1);
}

#[test]
fn pajek_vertices_arcs_edges_and_lists_are_read() {
    let text = "*Vertices 3\n1 \"Amara Ngo\" 0.1 0.2\n2 Bo\n3 \"Cy\"\n*Arcs\n1 2 3\n% comment\n\
        *Edges\n2 3\n*Arcslist\n1 2 3\n*Partition x\n1\n*Edges\n1 x -2\n";
    let found = read_bytes(&Pajek, "x.net", text.as_bytes());
    assert_eq!(nodes(&found)[0].label.as_deref(), Some("Amara Ngo"));
    let ties = ties(&found);
    assert_eq!(ties.len(), 4);
    assert!(ties[0].directed && !ties[1].directed);
    assert!((ties[0].weight - 3.0).abs() < 1e-12);
    assert_eq!(found.issues.len(), 2, "{:?}", found.issues);
}

#[test]
fn formats_are_recognised_by_their_content() {
    let probe =
        |file_name, head: &'static str| Probe { file_name, folders: &[], head: head.as_bytes() };
    assert_eq!(GraphMl.detect(&probe("x.xml", "<?xml?><graphml>")), Confidence::Certain);
    assert_eq!(Gexf.detect(&probe("x.xml", "<gexf>")), Confidence::Certain);
    assert_eq!(Pajek.detect(&probe("x.net", "%c\n*Vertices 3\n")), Confidence::Certain);
    assert_eq!(Kumu.detect(&probe("x.json", "{\"elements\": [")), Confidence::Likely);
    assert_eq!(Kumu.detect(&probe("x.json", "{\"name\": 1}")), Confidence::No);
    assert_eq!(NetworkTable.detect(&probe("x.csv", "from,to\n1,2\n")), Confidence::Likely);
    assert_eq!(NetworkTable.detect(&probe("x.csv", "Name,Email\nA B,a@b.org\n")), Confidence::No);
}

#[test]
fn deep_and_broken_xml_ends_with_an_issue() {
    let deep = format!("<graphml>{}", "<a>".repeat(100));
    for text in [deep.as_str(), "<graphml><graph><node id='a'>", "<graphml><a></b></graphml>", ""] {
        let found = read_bytes(&GraphMl, "x.graphml", text.as_bytes());
        assert_eq!(found.issues.len(), 1, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn damaged_networks_are_read_without_a_panic(
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..10),
        which in 0usize..5,
    ) {
        let (source, text): (&dyn Source, &str) = [
            (&GraphMl as &dyn Source, "<graphml><key id='a' attr.name='weight'/><graph><node id='n'/>\
                <edge source='n' target='m'><data key='a'>2</data></edge></graph></graphml>"),
            (&Gexf, "<gexf><graph><nodes><node id='a' label='&lt;b'/></nodes><edges>\
                <edge source='a' target='b' weight='2'/></edges></graph></gexf>"),
            (&Kumu, "{\"elements\": [{\"_id\": \"a\"}], \"connections\": [{\"from\": \"a\", \"to\": \"b\"}]}"),
            (&Pajek, "*Vertices 2\n1 \"a b\"\n2 c\n*Arcs\n1 2 3\n*Edgeslist\n1 2\n"),
            (&NetworkTable, "from,to,weight,date\n1,2,3,2020-01-01\n2,3,1,2020-01-02\n"),
        ][which];
        let mut bytes = text.as_bytes().to_vec();
        for (at, byte) in edits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        read_bytes(source, "x", &bytes);
    }
}
