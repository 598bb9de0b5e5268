package dev.weft.apiserver.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class PatchTest {

    @Test
    void mergesAsInTheExamplesOfRfc7396() {
        assertThat(MergePatch.apply(json("{'a':'b','c':{'d':'e','f':'g'}}"), json("{'a':'z','c':{'f':null}}")))
                .isEqualTo(json("{'a':'z','c':{'d':'e'}}"));
        assertThat(MergePatch.apply(json("{'a':['b']}"), json("{'a':'c'}"))).isEqualTo(json("{'a':'c'}"));
        assertThat(MergePatch.apply(json("{}"), json("{'a':{'bb':{'ccc':null}}}")))
                .isEqualTo(json("{'a':{'bb':{}}}"));
    }

    @Test
    void stepsAsInTheExamplesOfRfc6902() {
        assertThat(steps("{'foo':['bar','baz']}", "[{'op':'add','path':'/foo/1','value':'qux'}]"))
                .isEqualTo(json("{'foo':['bar','qux','baz']}"));
        assertThat(steps("{'foo':['bar','qux','baz']}", "[{'op':'remove','path':'/foo/1'}]"))
                .isEqualTo(json("{'foo':['bar','baz']}"));
        assertThat(steps("{'foo':{'bar':'baz'}}", "[{'op':'move','from':'/foo/bar','path':'/qux'}]"))
                .isEqualTo(json("{'foo':{},'qux':'baz'}"));
        assertThat(steps("{'foo':['all','grass','cows','eat']}", "[{'op':'move','from':'/foo/1','path':'/foo/3'}]"))
                .isEqualTo(json("{'foo':['all','cows','eat','grass']}"));
        assertThat(steps("{'a':1}", "[{'op':'copy','from':'/a','path':'/b'},{'op':'test','path':'/b','value':1}]"))
                .isEqualTo(json("{'a':1,'b':1}"));
        assertThat(steps(
                        "{'l':[1]}", "[{'op':'add','path':'/l/-','value':2},{'op':'replace','path':'/l/0','value':0}]"))
                .isEqualTo(json("{'l':[0,2]}"));
    }

    @Test
    void changesNothingWhenAStepFails() {
        ObjectNode document = json("{'a':1}");

        assertThatThrownBy(() -> JsonPatch.apply(
                        document, read("[{'op':'remove','path':'/a'},{'op':'test','path':'/b','value':1}]")))
                .isInstanceOf(PatchException.class);
        assertThat(document).isEqualTo(json("{'a':1}"));
        assertThatThrownBy(() -> steps("{}", "[{'op':'remove'}]")).hasMessageContaining("no path");
        assertThatThrownBy(() -> steps("{'l':[]}", "[{'op':'add','path':'/l/1','value':1}]"))
                .hasMessageContaining("no index");
    }

    @Test
    void mergesKeyedListsByTheirKey() {
        assertThat(strategic(
                        "{'spec':{'containers':[{'name':'a','image':'1'},{'name':'b','image':'1'}]}}",
                        "{'spec':{'containers':[{'name':'b','image':'2'},{'name':'c','image':'3'}]}}"))
                .isEqualTo(json("{'spec':{'containers':[{'name':'a','image':'1'},{'name':'b','image':'2'},"
                        + "{'name':'c','image':'3'}]}}"));
    }

    @Test
    void knowsThatPortsMeanTwoThings() {
        assertThat(strategic(
                        "{'spec':{'ports':[{'port':80,'name':'x'}]}}", "{'spec':{'ports':[{'port':80,'name':'y'}]}}"))
                .isEqualTo(json("{'spec':{'ports':[{'port':80,'name':'y'}]}}"));
        assertThat(strategic(
                        "{'containers':[{'name':'a','ports':[{'containerPort':80}]}]}",
                        "{'containers':[{'name':'a','ports':[{'containerPort':81}]}]}"))
                .isEqualTo(json("{'containers':[{'name':'a','ports':[{'containerPort':80},{'containerPort':81}]}]}"));
    }

    @Test
    void followsDirectives() {
        assertThat(strategic(
                        "{'env':[{'name':'a'},{'name':'b'}],'x':{'y':1,'z':2}}",
                        "{'env':[{'$patch':'delete','name':'a'}],'x':{'$retainKeys':['z'],'z':3}}"))
                .isEqualTo(json("{'env':[{'name':'b'}],'x':{'z':3}}"));
        assertThat(strategic("{'env':[{'name':'a'}]}", "{'env':[{'$patch':'replace'},{'name':'b'}]}"))
                .isEqualTo(json("{'env':[{'name':'b'}]}"));
        assertThat(strategic("{'finalizers':['a','b']}", "{'$deleteFromPrimitiveList/finalizers':['a']}"))
                .isEqualTo(json("{'finalizers':['b']}"));
        assertThat(strategic(
                        "{'env':[{'name':'a'},{'name':'b'}]}",
                        "{'$setElementOrder/env':[{'name':'c'},{'name':'b'},{'name':'a'}],'env':[{'name':'c'}]}"))
                .isEqualTo(json("{'env':[{'name':'c'},{'name':'b'},{'name':'a'}]}"));
    }

    @Test
    void replacesListsThatHaveNoKey() {
        assertThat(strategic("{'args':['a','b']}", "{'args':['c']}")).isEqualTo(json("{'args':['c']}"));
    }

    private static ObjectNode steps(String document, String patch) {
        return JsonPatch.apply(json(document), read(patch));
    }

    private static ObjectNode strategic(String document, String patch) {
        return StrategicPatch.apply(json(document), json(patch));
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) read(text);
    }

    private static JsonNode read(String text) {
        return JsonMapper.shared().readTree(text.replace('\'', '"'));
    }
}
