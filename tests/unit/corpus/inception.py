"""Exports of INCEpTION projects, made with dkpro-cassis in the layout of its own exporter."""

from __future__ import annotations

import io
import json
import zipfile

import cassis

CORE = "de.tudarmstadt.ukp.dkpro.core.api"
ENTITY = f"{CORE}.ner.type.NamedEntity"
METADATA = f"{CORE}.metadata.type.DocumentMetaData"
TEXT = "Ann took aspirin in Bonn ."
CURATOR = "CURATION_USER"


def types():
    """Return a type system with the layers of a project: NamedEntity, two more, a relation."""
    system = cassis.TypeSystem()
    annotation = "uima.tcas.Annotation"
    layers = {
        METADATA: ("uima.tcas.DocumentAnnotation", ("documentTitle", "documentId")),
        ENTITY: (annotation, ("value", "identifier")),
        "webanno.custom.Drug": (annotation, ("kind", "route")),
        "webanno.custom.Doubt": (annotation, ()),
        "webanno.custom.Causes": (annotation, ("sort",)),
    }
    for name, (parent, features) in layers.items():
        made = system.create_type(name, parent)
        for feature in features:
            system.create_feature(made, feature, "uima.cas.String")
    for end in ("Governor", "Dependent"):
        system.create_feature(system.get_type("webanno.custom.Causes"), end, annotation)
    return system


def document(user, entities=(), drugs=(), doubts=(), related=False, text=TEXT):
    """Return a CAS in which a user marked entities, drugs and stretches of doubt."""
    system = types()
    cas = cassis.Cas(system)
    cas.sofa_string, cas.sofa_mime = text, "text/plain"

    def add(layer, begin, end, **features):
        made = system.get_type(layer)(begin=begin, end=end, **features)
        cas.add(made)
        return made

    add(METADATA, 0, len(text), documentTitle="a.txt", documentId=user)
    for begin, end, value in entities:
        add(ENTITY, begin, end, value=value)
    made = [add("webanno.custom.Drug", b, e, kind=k, route="oral") for b, e, k in drugs]
    for begin, end in doubts:
        add("webanno.custom.Doubt", begin, end)
    if related:
        first, second = made[:2]
        add("webanno.custom.Causes", first.begin, first.end, Governor=first, Dependent=second)
    return cas


def zipped(cas, user):
    """Return a CAS as the archive of its own that INCEpTION makes of a document in XMI."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("TypeSystem.xml", cas.typesystem.to_xml())
        archive.writestr(f"{user}.xmi", cas.to_xmi())
    return buffer.getvalue()


def files_of(documents, form="zip", old=False, **states):
    """Return the files of an export by their names.

    Parameters
    ----------
    documents : dict of str to dict of str to Cas or bytes
        What each user, or the curator, made of each document.
    form : {"zip", "json"} or str
        The format of the files; the ending of files given as bytes.
    old : bool
        Whether files have the names that old versions gave them.
    **states : str
        The states of users' documents.
    """
    found = {"guideline/how.txt": b"Mark drugs.", "log/project.log": b"x"}
    annotated, sources = [], []
    for name, users in documents.items():
        found[f"source/{name}"] = TEXT.encode()
        state = "CURATION_FINISHED" if CURATOR in users else "ANNOTATION_IN_PROGRESS"
        sources.append({"name": name, "format": "text", "state": state})
        for number, (user, made) in enumerate(users.items()):
            area = "curation" if user == CURATOR else "annotation"
            if area == "annotation":
                one = {"name": name, "user": user, "state": states.get(user, "FINISHED")}
                annotated.append(one)
            found[f"{area}_ser/{name}/{user}.ser"] = b"\xac\xed\x00\x05"
            stem = f"webanno{number}77export" if old else user
            content = made
            if not isinstance(made, bytes):
                content = zipped(made, user) if form == "zip" else made.to_json().encode()
            found[f"{area}/{name}/{stem}.{form}"] = content
    project = {"name": "p", "source_documents": sources, "annotation_documents": annotated}
    found["exportedproject77.json"] = json.dumps(project).encode()
    return found


def archive(path, files):
    """Write files to a zip archive, and return its path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return path


def folder(path, files):
    """Write files to a folder, and return its path."""
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path
