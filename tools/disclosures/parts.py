"""The parts that names of invented organisations are made of."""

from __future__ import annotations

from tools.disclosures.dice import items

STARTS = items(
    "Quel Fyr Zor Wend Ulm Pryd Jorv Skel Tamb Vorn Yld Draum Glyst Hesp Kvis Lorm Mesk Nulv Obr "
    "Thalb Brenk Ostr Celv Umbr Palv Renz Halc Tavr Sorb Quill Arv Delp Evr Fald Gant Hyl Jend "
    "Kalv Morv Pell Rost Trev Bax Dorn Felt Grav Yarl Osk Brav Nimb Tolv Pask Rundl Vesk Grell "
    "Harl Kest Marl",
    " ",
)
ENDINGS = items(
    "ana ia ex is ora ivo anta ium elis ara ovia yx ander ence iq onis era ium atis ox una ello "
    "agen ilon aris entra opha ilis avia edis omed idia estra uvo ifer ona",
    " ",
)
BODIES = items("Cardi Neur Onc Derm Immun Vas Pulm Ocul Nephr Hem Oste Gastr Rheumat", " ")
THINGS = items(
    "tarn plough lyra kelm sprig ferry brook fjell harrow lattice weft orchard sluice heron cairn "
    "tessera drift hollow kite quarry",
    " ",
)
LEGAL = {
    "": 46,
    " Inc": 6,
    " Inc.": 6,
    ", Inc.": 5,
    ", Inc": 3,
    " Ltd": 5,
    " Ltd.": 4,
    " GmbH": 5,
    " AG": 4,
    " S.p.A.": 3,
    " S.A.": 2,
    " SAS": 1.5,
    " SE": 1,
    " Co., Ltd.": 5,
    " Corporation": 3,
    " Corp.": 2,
    " LLC": 2,
    " PLC": 1,
    " plc": 1,
    " A/S": 2,
    " AB": 2,
    " Oy": 0.7,
    " B.V.": 1.5,
    " N.V.": 0.7,
    " K.K.": 1.5,
    " Pty Ltd": 1,
    " Srl": 1.5,
    " GmbH & Co. KG": 1,
    " and Company": 1,
}
TRADES = items(
    "Pharma|Pharmaceuticals|Therapeutics|Biosciences|Biotech|Medical|Diagnostics|Healthcare|"
    "Biologics|Oncology|Vaccines|Laboratories|Surgical|Genomics|Health|Life Sciences|Devices|"
    "Nutrition|Medical Systems|Vision|Labs|Pharmaceutical|Medizintechnik|Farmaceutici|Analytics"
)
# A subsidiary's country and the legal forms it may have there.
NATIONS = {
    "Japan": (" K.K.", " Co., Ltd.", ""),
    "UK": (" Ltd", " Limited", ""),
    "USA": (", Inc.", " Inc", " LLC"),
    "US": (" LLC", ", Inc.", ""),
    "Canada": (" Inc.", " Inc", ""),
    "Deutschland": (" GmbH", " GmbH & Co. KG", ""),
    "Germany": (" GmbH", ""),
    "France": (" SAS", " S.A.", ""),
    "Italia": (" S.p.A.", " Srl", ""),
    "Italy": (" S.p.A.", ""),
    "España": (" S.A.", " S.L.", ""),
    "Australia": (" Pty Ltd", ""),
    "Korea": (" Co., Ltd.", " Ltd.", ""),
    "China": (" Co., Ltd.", ""),
    "India": (" Pvt. Ltd.", " Ltd", ""),
    "Nederland": (" B.V.", ""),
    "Belgium": (" N.V.", " SA", ""),
    "Austria": (" GmbH", ""),
    "Switzerland": (" AG", " SA", ""),
    "Brasil": (" Ltda.", ""),
    "Denmark": (" A/S", ""),
    "Sverige": (" AB", ""),
    "Nordic": (" AB", " A/S", ""),
    "Europe": (" Ltd", " SA", ""),
    "International": (" Ltd", " AG", ""),
    "North America": (" LLC", ""),
    "Taiwan": (" Ltd.", ""),
    "Asia Pacific": (" Pte. Ltd.", ""),
    "Ireland": (" DAC", " Ltd", ""),
}
# Letters that a real company or agency goes by.
TAKEN = frozenset(
    items(
        "GSK BMS MSD UCB CSL NIH NHS FDA EMA WHO DFG MRC ERC ESC AHA ABB SAP BASF DSM MRI PCR HSBC "
        "GHS NSF CDC CNRS NHMRC LVMH MDS TKT PLC LLC PTC RTX DNA RNA MSK BTG",
        " ",
    )
)
QUALITIES = items(
    "First Furrow|Blue Harrow|Bright Sluice|Open Hatch|Silver Birch Lane|Red Kite Hollow|"
    "Quiet Meridian|High Meadow|Second Orchard|Grey Heron|Nine Elms Gate|Copper Weir|Salt River|"
    "Long Ferry|Lantern Street|Paper Crane|Owl Creek|Tall Reed|Slow Tide|Glass Anchor"
)
MANNERS = ("Advanced", "Precision", "Integrated", "Applied", "Digital", "Modern", "Complete")
FIELDS = items(
    "Retinal|Cardiac|Renal|Vascular|Thoracic|Stroke|Sleep|Bone|Lung|Pain|Liver|Immune|Infusion|"
    "Metabolic|Hearing|Spine|Wound|Imaging|Diabetes|Cancer|Migraine|Rare Disease|Transplant|Allergy"
)
TOWNS = items(
    "Harrowmere|Vestmark|Ostervald|Calderbrook|Lindenau am See|Port Ellery|Monteverna|Kestelholm|"
    "Saint-Aurin|Valdorra|Nishimori|Brackwater|Grauburg|Elmsford Bay|Tarnhaven|Rivalta Nuova|"
    "Hohenwerth|Kirkholme|Santa Violeta|Aldermoor|Zelenica|Fjordhavn|Oudewaarde|Castelmonte|"
    "Whitcombe|Larchfield|Tamashiro|Queensferry Falls|Bellavigna|Korvik"
)
REGIONS = items(
    "Baltic|Alpine|Pan-Alpine|Trans-Iberian|Adriatic|North Sea|Danubian|Aegean|Arctic|Rhenish|"
    "Levantine|Andean|Southern Cross|Lakeland|Carpathian|Pyrenean|Lowlands|Highland|Inland Sea|"
    "Celtic Sea"
)
